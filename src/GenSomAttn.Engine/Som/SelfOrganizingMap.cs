using GenSomAttn.Backends;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Som;

/// <summary>
/// A self-organizing map on a rectangular grid: its codebook, moved by competitive learning alone, and the buffers of the
/// search for winners. Unit = row · width + column.
/// </summary>
public sealed class SelfOrganizingMap
{
    private const float InitialDeviation = 0.1f;
    private readonly IBackend _backend;
    private readonly SomShape _shape;
    private readonly DeviceView<int> _bmu;
    private readonly DeviceView<int> _second;
    private readonly DeviceView<float> _squaredDistances;
    private readonly DeviceView<float> _workspace;

    /// <summary>Plans a map whose codebook is all zero.</summary>
    /// <param name="backend">Who computes.</param>
    /// <param name="memory">Where it takes its buffers.</param>
    /// <param name="shape">Sizes, with the largest number of samples that are shown at once.</param>
    public SelfOrganizingMap(IBackend backend, DeviceMemory memory, SomShape shape)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(memory);
        _backend = backend;
        _shape = shape;
        Codebook = memory.Take<float>(shape.CodebookLength);
        _bmu = memory.Take<int>(shape.Samples);
        _second = memory.Take<int>(shape.Samples);
        _squaredDistances = memory.Take<float>(2 * shape.Samples);
        _workspace = memory.Take<float>(shape.BatchWorkspaceLength);
    }

    /// <summary>Rows of units.</summary>
    public int Height => _shape.MapHeight;

    /// <summary>Columns of units.</summary>
    public int Width => _shape.MapWidth;

    /// <summary>U, units.</summary>
    public int Units => _shape.Units;

    /// <summary>D, elements of a codebook vector.</summary>
    public int Dimension => _shape.Dimension;

    /// <summary>(U, D).</summary>
    public DeviceView<float> Codebook { get; }

    /// <summary>Draws the codebook from 0.1 N(0, 1), on the host.</summary>
    public void Initialize(ulong seed)
    {
        float[] values = new float[Codebook.Length];
        Initializer.Normal(InitialDeviation).Fill(new RandomKey(seed, RandomPurpose.Codebook, 0), values);
        Codebook.CopyFrom(values);
    }

    /// <summary>Finds the two nearest units of each sample; they stay valid until the next call.</summary>
    /// <param name="samples">(count, D).</param>
    /// <param name="count">Samples; at most the number that was planned.</param>
    public Winners FindWinners(DeviceView<float> samples, int count)
    {
        var winners = new Winners(_bmu.First(count), _second.First(count), _squaredDistances.First(2 * count));
        _backend.BestMatchingUnits(samples, Codebook, Sizes(count), winners.Bmu, winners.Second, winners.SquaredDistances);
        return winners;
    }

    /// <summary>Copies the codebook vectors of units: output[n] = codebook[units[n]].</summary>
    public void Gather(DeviceView<int> units, DeviceView<float> output) =>
        _backend.GatherRows(Codebook, units, new RowsShape(units.Length, Dimension), output);

    /// <summary>Mini-batch Kohonen update with the winners in the codebook before it.</summary>
    /// <param name="samples">(N, D).</param>
    /// <param name="bmu">(N), their winners.</param>
    /// <param name="rates">(2): η and σ.</param>
    public void UpdateBatch(DeviceView<float> samples, DeviceView<int> bmu, DeviceView<float> rates) =>
        _backend.SomUpdateBatch(samples, bmu, Sizes(bmu.Length), rates, _workspace, Codebook);

    /// <summary>Kohonen's rule, one sample after another.</summary>
    /// <param name="samples">(count, D).</param>
    /// <param name="count">N.</param>
    /// <param name="rates">(2): η and σ.</param>
    public void UpdateOnline(DeviceView<float> samples, int count, DeviceView<float> rates) =>
        _backend.SomUpdateOnline(samples, Sizes(count), rates, Codebook);

    private SomShape Sizes(int samples) => _shape with { Samples = samples };
}
