using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Finds the places of images on a trained map.</summary>
public sealed class ImageLocator
{
    /// <summary>Largest number of values of the decoded units: 64 MB.</summary>
    private const long MaxUnitValues = 1 << 24;

    private readonly SomAttnModel _model;
    private readonly float[]? _trainingDistances;
    private readonly Errors? _errors;

    /// <summary>Allocates the buffers for the model's largest batch, and decodes the units.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="trainingDistances">
    /// Result of <see cref="SortedSquaredDistances"/> for the training images; null for places without percentiles.
    /// </param>
    /// <param name="withErrors">Whether to decode the codes, which takes longer than encoding; without, mse_e and mse_q are null.</param>
    public ImageLocator(SomAttnModel model, float[]? trainingDistances, bool withErrors = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _trainingDistances = trainingDistances;
        _errors = withErrors ? new Errors(model) : null;
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
            DeviceView<float> range = images.Range(start, batch);
            DeviceView<float> codesOnDevice = _model.Encode(range, batch);
            Winners winners = _model.Map.FindWinners(codesOnDevice, batch);
            int[] bmu = winners.Bmu.ToArray();
            int[] second = winners.Second.ToArray();
            float[] squared = winners.SquaredDistances.ToArray();
            float[] codes = codesOnDevice.ToArray();
            _errors?.Compute(range, codesOnDevice, winners, bmu);
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
            yield return new LocatedBatch(located, codes, pixels);
        }
    }

    /// <summary>Returns the place of an image of the current batch.</summary>
    private LocatedImage Place(int n, int bmu, int second, float[] squaredDistances)
    {
        MapGrid grid = _model.Map.Grid;
        int width = grid.Width;
        bool hasSecond = second >= 0;
        double distance = Math.Sqrt(squaredDistances[2 * n]);
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
            MseE = _errors?.MseE[n],
            MseQ = _errors?.MseQ[n],
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

    /// <summary>mse_e and mse_q of a batch. D(w) of the units is decoded once, unless it would take too much memory.</summary>
    private sealed class Errors
    {
        private readonly SomAttnModel _model;
        private readonly float[] _images;
        private readonly float[] _made;
        private readonly float[]? _units;

        public Errors(SomAttnModel model)
        {
            _model = model;
            int length = model.MaxBatch * model.Shape.Length;
            (_images, _made) = (new float[length], new float[length]);
            (MseE, MseQ) = (new double[model.MaxBatch], new double[model.MaxBatch]);
            bool fit = (long)model.Map.Units * model.Shape.Length <= MaxUnitValues;
            _units = fit ? new MapSampler(model).Prototypes() : null;
        }

        public double[] MseE { get; }

        public double[] MseQ { get; }

        /// <summary>Computes the errors of a batch; may overwrite the codes.</summary>
        /// <param name="images">(N, S·S·C).</param>
        /// <param name="codes">v, (N, D).</param>
        /// <param name="winners">The BMUs.</param>
        /// <param name="bmu">(N), the BMUs on the host.</param>
        public void Compute(DeviceView<float> images, DeviceView<float> codes, Winners winners, int[] bmu)
        {
            Span<float> made = _made.AsSpan(0, images.Length);
            images.CopyTo(_images.AsSpan(0, images.Length));
            _model.Decode(codes, bmu.Length).CopyTo(made);
            ImageErrors.MeanSquared(_images.AsSpan(0, images.Length), made, MseE.AsSpan(0, bmu.Length));
            if (_units is null)
            {
                _model.Map.Gather(winners.Bmu, codes);
                _model.Decode(codes, bmu.Length).CopyTo(made);
            }
            else
            {
                int pixels = _model.Shape.Length;
                for (int n = 0; n < bmu.Length; n++)
                {
                    _units.AsSpan(bmu[n] * pixels, pixels).CopyTo(made[(n * pixels)..]);
                }
            }

            ImageErrors.MeanSquared(_images.AsSpan(0, images.Length), made, MseQ.AsSpan(0, bmu.Length));
        }
    }
}
