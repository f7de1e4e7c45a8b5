using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Rng;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Baselines;

/// <summary>Kind of quantizer of the pixel baseline.</summary>
public enum PixelBaselineKind
{
    /// <summary>The centers of k-means: the lowest quantization error, and no neighborhood.</summary>
    KMeans,

    /// <summary>A self-organizing map, trained as that of <see cref="SomAttnModel"/>, with images instead of codes.</summary>
    Map,
}

/// <summary>
/// The pixel baseline of a map of codes: as many vectors of pixels as the map has units, fitted to the training images without encoder,
/// decoder and gradient. A map of codes that does not beat it has learned nothing beyond the pixels.
/// </summary>
public static class PixelBaseline
{
    /// <summary>Fits the vectors and scores them on the test images.</summary>
    /// <param name="kind">Kind of quantizer.</param>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="settings">Sizes and rates of the map, epochs, batch size and seed; k-means uses only the units and the seed.</param>
    /// <param name="note">Called with a note if there are fewer distinct training images than vectors.</param>
    /// <param name="stop">Cancels the computation.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static EvaluationResult Score(
        PixelBaselineKind kind, Backend<float> backend, Dataset dataset, TrainingSettings settings, Action<string> note,
        CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(note);
        using var memory = new DeviceMemory(backend);
        using var train = new DeviceImages(backend, dataset.Train, settings.BatchSize);
        using var test = new DeviceImages(backend, dataset.Test, settings.BatchSize);
        SelfOrganizingMap map = kind == PixelBaselineKind.Map
            ? TrainMap(backend, memory, train, settings, stop)
            : FindCenters(backend, memory, dataset.Train, settings, stop);
        WinnersOfImages trained = Assign(map, train, settings.BatchSize);
        int units = settings.MapHeight * settings.MapWidth;
        ImageSet images = dataset.Train;
        int different = DifferentVectors.Count(images.Pixels, images.Shape.Length, units);
        if (different < units)
        {
            string has = kind == PixelBaselineKind.Map
                ? $"the map on pixels uses {trained.Bmu.Distinct().Count()} of its {units} units"
                : $"k-means on pixels has {DifferentVectors.Counted(different, "center")}, not {units}";
            note($"{has}: {DifferentVectors.Only(different, "training image")}");
        }

        WinnersOfImages tested = Assign(map, test, settings.BatchSize);
        int classes = dataset.ClassNames.Count;
        Contingency? own = tested.Contingency(map, test.Labels.Span, classes);
        EvaluationResult scores = tested.Score(map, own).WithTraining(own, trained.Contingency(map, train.Labels.Span, classes));
        EvaluationResult result = scores with { MseQ = tested.MeanSquaredDistance() / map.Dimension };
        return kind == PixelBaselineKind.Map ? result : result with { Te4 = null, Te6 = null, Te8 = null };
    }

    /// <summary>Fits the centers of k-means and stores them as a codebook; their grid positions carry no information.</summary>
    private static SelfOrganizingMap FindCenters(
        Backend<float> backend, DeviceMemory memory, ImageSet images, TrainingSettings settings, CancellationToken stop)
    {
        Rows<float> pixels = SampleEvaluator.Pixels(images, images.Count);
        var fitted = KMeans.Fit(pixels, settings.MapHeight * settings.MapWidth, settings.Seed, stop: stop);
        var map = new SelfOrganizingMap(backend, memory, new SomShape(settings.BatchSize, 1, fitted.Centers.Count, pixels.Dimension));
        map.Codebook.CopyFrom(fitted.Centers.Values);
        return map;
    }

    private static SelfOrganizingMap TrainMap(
        Backend<float> backend, DeviceMemory memory, DeviceImages images, TrainingSettings settings, CancellationToken stop)
    {
        var map = new SelfOrganizingMap(backend, memory, settings.ToSomShape(settings.BatchSize, images.ImageLength));
        map.Initialize(settings.Seed);
        int steps = DivideUp(images.Count, settings.BatchSize);
        var schedule = new Schedule(settings, (long)steps * settings.Epochs);
        int[] order = new int[images.Count];
        DeviceView<int> orderOnDevice = memory.Take<int>(order.Length);
        DeviceView<float> rates = memory.Take<float>(2);
        for (int epoch = 0; epoch < settings.Epochs; epoch++)
        {
            Shuffle.Fill(settings.Seed, epoch, order);
            orderOnDevice.CopyFrom(order);
            for (int step = 0; step < steps; step++)
            {
                stop.ThrowIfCancellationRequested();
                long done = ((long)epoch * steps) + step;
                rates.CopyFrom([(float)schedule.Eta(done), (float)schedule.Sigma(done)]);
                int start = step * settings.BatchSize;
                int count = Math.Min(settings.BatchSize, images.Count - start);
                DeviceView<float> batch = images.Gather(orderOnDevice.Slice(start, count), order.AsSpan(start, count));
                map.UpdateBatch(batch, map.FindWinners(batch, count).Bmu, rates);
            }
        }

        return map;
    }

    private static WinnersOfImages Assign(SelfOrganizingMap map, DeviceImages images, int maxBatch)
    {
        var winners = new WinnersOfImages(images.Count);
        for (int start = 0; start < images.Count; start += maxBatch)
        {
            int count = Math.Min(maxBatch, images.Count - start);
            winners.Take(map.FindWinners(images.Range(start, count), count), start);
        }

        return winners;
    }
}
