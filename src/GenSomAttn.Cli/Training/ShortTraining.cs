using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Notes on stderr about a map that has too few images or too few steps to learn.</summary>
internal static class ShortTraining
{
    /// <summary>Steps below which there is a note: about two epochs of Fashion-MNIST with the default batch.</summary>
    private const int EnoughSteps = 2000;

    /// <summary>Prints a note for each; none about the steps if other epochs than the default were chosen.</summary>
    /// <param name="trainer">The training before its first step.</param>
    /// <param name="images">Training images.</param>
    public static void Note(Trainer trainer, int images)
    {
        TrainingSettings settings = trainer.Model.Settings;
        if (trainer.Model.Map is not { } map)
        {
            return;
        }

        if (images < map.Units)
        {
            Console.Error.WriteLine($"note: a map of {map.Units} units for {images} images: give a smaller --map");
        }

        if (trainer.TotalSteps < EnoughSteps && settings.Epochs == new TrainingSettings().Epochs)
        {
            int epochs = (EnoughSteps + trainer.StepsPerEpoch - 1) / trainer.StepsPerEpoch;
            Console.Error.WriteLine($"note: only {trainer.TotalSteps} steps: a map needs a few thousand; give --epochs {epochs}");
        }
    }
}
