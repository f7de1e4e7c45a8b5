using GenSomAttn.Model.Data;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Cli.Training;

/// <summary>What a run directory holds before the first step.</summary>
internal static class RunStart
{
    /// <summary>Writes a picture of real images, and the configuration.</summary>
    /// <exception cref="RunException">A file cannot be written.</exception>
    public static void Write(RunDirectory run, RunConfig config, Dataset dataset)
    {
        run.SavePicture(RunDirectory.RealsName, RunPictures.Reals(dataset.Test));

        // Last: a folder that has it is a run, which resume goes on with, and nobody would make the picture again.
        run.SaveConfig(config);
    }
}
