using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Checks;

/// <summary>
/// Ten training steps of the default model on a smaller map, on gray images and on small color images, by a backend and by the reference
/// backend, both in float. Losses are compared, not parameters, since Adam amplifies rounding in a tiny gradient to a visible step.
/// </summary>
public static class TrainingCheck
{
    private const int Steps = 10;
    private static readonly ImageShape[] Shapes = [new(28, ImageShape.Gray), new(8, ImageShape.Color)];

    private static readonly Tolerance Rounding = new(
        0, 1e-4, "sums in another order differ by 1e-6, which ten steps carry on; a step of Adam left out shows at once");

    /// <summary>
    /// Settings of the training. With this seed, no BMU of the ten steps is closer than 1e-4 to a tie, which rounding would decide.
    /// </summary>
    public static TrainingSettings Settings { get; } = new()
    {
        Epochs = 1,
        BatchSize = 4,
        MapHeight = 3,
        MapWidth = 5,
        SigmaStart = 1.5,
        Seed = 2,
    };

    /// <summary>Trains on images of each shape by both backends and compares.</summary>
    public static IReadOnlyList<CheckResult> Run(Backend<float> backend) => [.. Shapes.SelectMany(shape => Run(backend, shape))];

    private static IReadOnlyList<CheckResult> Run(Backend<float> backend, ImageShape shape)
    {
        using ReferenceBackend<float> reference = new();
        Losses[] expected = Train(reference, shape);
        Losses[] got = Train(backend, shape);
        return
        [
            Compare("loss", losses => losses.Total),
            Compare("mse_e", losses => losses.MseE!.Value),
            Compare("mse_q", losses => losses.MseQ!.Value),
        ];

        CheckResult Compare(string tensor, Func<Losses, double> part) => CheckResult.Compare(
            $"training, {Steps} steps of {Settings.BatchSize} of {shape}", tensor, CheckStage.Training,
            [.. got.Select(part)], [.. expected.Select(part)], Rounding);
    }

    /// <summary>Creates the images: waves with evenly distributed directions and lengths.</summary>
    private static Dataset Images(ImageShape shape)
    {
        int count = Steps * Settings.BatchSize;
        (int side, int channels) = shape;
        byte[] pixels =
        [
            .. Enumerable.Range(0, count * shape.Length).Select(i =>
                Wave(i / shape.Length, i / (side * channels) % side, i / channels % side, i % channels)),
        ];
        var images = new ImageSet(pixels, new int[count], shape);
        return new Dataset(images, images, ["none"], "waves").WithFewerTestImages(1);
    }

    /// <summary>
    /// Computes a value of a wave, whose phase differs from channel to channel; multiples of an irrational number modulo 1 are evenly
    /// distributed.
    /// </summary>
    private static byte Wave(int image, int row, int column, int channel)
    {
        double down = image * 0.6180339887498949 % 1;
        double across = image * 0.7548776662466927 % 1;
        return (byte)(127.5 * (1 + Math.Sin((down * row) + (across * column) + image + channel)));
    }

    /// <summary>Returns the losses of all steps; NaN from the first step on whose loss is not finite.</summary>
    private static Losses[] Train(Backend<float> backend, ImageShape shape)
    {
        using Trainer trainer = new(backend, Settings, Images(shape));
        var log = new LossLog();
        try
        {
            trainer.Run(log, CancellationToken.None);
        }
        catch (TrainingDivergedException)
        {
            // A finding, not a failure: the comparison reports it.
            log.FillWithNaN();
        }

        return [.. log.Losses];
    }

    private sealed class LossLog : ITrainingObserver
    {
        public List<Losses> Losses { get; } = [];

        public void OnStep(StepReport report) => Losses.Add(report.Losses);

        public void OnEpoch(EpochMetrics metrics)
        {
        }

        public void FillWithNaN()
        {
            while (Losses.Count < Steps)
            {
                Losses.Add(new Losses(float.NaN, float.NaN, float.NaN));
            }
        }
    }
}
