using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Finds the places of images on a trained map.</summary>
public sealed class ImageLocator
{
    private readonly SomAttnModel _model;
    private readonly float[]? _trainingDistances;
    private readonly float[] _images;
    private readonly float[] _decoded;
    private readonly float[] _quantized;

    /// <summary>Allocates the buffers for the model's largest batch.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="trainingDistances">
    /// Result of <see cref="SortedSquaredDistances"/> for the training images; null for places without percentiles.
    /// </param>
    public ImageLocator(SomAttnModel model, float[]? trainingDistances)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _trainingDistances = trainingDistances;
        int length = model.MaxBatch * model.Shape.Length;
        (_images, _decoded, _quantized) = (new float[length], new float[length], new float[length]);
    }

    /// <summary>Clusters of the units; null for places without clusters.</summary>
    public UnitClusters? Clusters { get; init; }

    /// <summary>Computes the squared distances of images to their BMUs' codebook vectors, in ascending order.</summary>
    public static float[] SortedSquaredDistances(SomAttnModel model, ImageSet set)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(set);
        using var images = new DeviceImages(model.Backend, set, model.MaxBatch);
        float[] distances = new float[images.Count];
        for (int start = 0; start < images.Count; start += model.MaxBatch)
        {
            int batch = Math.Min(model.MaxBatch, images.Count - start);
            DeviceView<float> codes = model.Encode(images.Range(start, batch), batch);
            float[] squared = model.Map.FindWinners(codes, batch).SquaredDistances.ToArray();
            for (int n = 0; n < batch; n++)
            {
                distances[start + n] = squared[2 * n];
            }
        }

        Array.Sort(distances);
        return distances;
    }

    /// <summary>Locates images, batch by batch.</summary>
    /// <param name="set">The images; their names are the files.</param>
    /// <param name="name">Name of the set in the result; null for none.</param>
    /// <param name="first">Index of the first image in the result.</param>
    /// <param name="classNames">Names of the classes; empty without labels.</param>
    public IEnumerable<LocatedBatch> Locate(ImageSet set, string? name, int first, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classNames);
        using var images = new DeviceImages(_model.Backend, set, _model.MaxBatch);
        for (int start = 0; start < set.Count; start += _model.MaxBatch)
        {
            int batch = Math.Min(_model.MaxBatch, set.Count - start);
            Reconstruction made = Reconstruct(images.Range(start, batch), batch);
            int[] bmu = made.Winners.Bmu.ToArray();
            int[] second = made.Winners.Second.ToArray();
            float[] squared = made.Winners.SquaredDistances.ToArray();
            var located = new LocatedImage[batch];
            for (int n = 0; n < batch; n++)
            {
                located[n] = Place(n, bmu[n], second[n], squared) with
                {
                    File = set.Names?[start + n],
                    Set = name,
                    Index = first + start + n,
                    Label = classNames.Count == 0 ? null : classNames[set.Labels[start + n]],
                };
            }

            byte[] pixels = new byte[batch * set.Shape.Length];
            set.CopyTo(start, pixels);
            yield return new LocatedBatch(located, made.Codes.ToArray(), pixels);
        }
    }

    private Reconstruction Reconstruct(DeviceView<float> images, int batch)
    {
        images.CopyTo(_images.AsSpan(0, images.Length));
        Reconstruction made = _model.Reconstruct(images, batch);
        made.Images.CopyTo(_decoded.AsSpan(0, images.Length));
        made.QuantizedImages.CopyTo(_quantized.AsSpan(0, images.Length));
        return made;
    }

    /// <summary>Returns the place of an image of the batch that <see cref="Reconstruct"/> copied.</summary>
    private LocatedImage Place(int n, int bmu, int second, float[] squaredDistances)
    {
        MapGrid grid = _model.Map.Grid;
        int width = grid.Width;
        int pixels = _model.Shape.Length;
        bool hasSecond = second >= 0;
        double distance = Math.Sqrt(squaredDistances[2 * n]);
        ReadOnlySpan<float> image = _images.AsSpan(n * pixels, pixels);
        return new LocatedImage
        {
            File = null,
            Set = null,
            Index = n,
            Label = null,
            Row = bmu / width,
            Column = bmu % width,
            Distance = distance,
            SecondRow = hasSecond ? second / width : null,
            SecondColumn = hasSecond ? second % width : null,
            SecondDistance = hasSecond ? Math.Sqrt(squaredDistances[(2 * n) + 1]) : null,
            Neighbors = hasSecond ? grid.AreNeighbors(bmu, second, diagonal: true) : null,
            Neighbors4 = hasSecond ? grid.AreNeighbors(bmu, second, diagonal: false) : null,
            MseE = Evaluator.MeanSquaredError(image, _decoded.AsSpan(n * pixels, pixels)),
            MseQ = Evaluator.MeanSquaredError(image, _quantized.AsSpan(n * pixels, pixels)),
            Percentile = PercentileOf(squaredDistances[2 * n]),
            Cluster = Clusters?.OfUnit[bmu],
        };
    }

    private double? PercentileOf(float squaredDistance)
    {
        const double Percent = 100;
        if (_trainingDistances is not { } sorted)
        {
            return null;
        }

        // The first training image that is farther, by bisection.
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] <= squaredDistance ? (middle + 1, high) : (low, middle);
        }

        return Percent * low / sorted.Length;
    }
}
