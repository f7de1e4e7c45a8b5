using GenSomAttn.Backends;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Som;

/// <summary>
/// A self-organizing map: its codebook, updated by competitive learning alone (no gradient), and the buffers
/// of the BMU search. Unit = row · width + column.
/// </summary>
public sealed class SelfOrganizingMap
{
    private const float InitialDeviation = 0.1f;
    private readonly Backend<float> _backend;
    private readonly SomShape _shape;
    private readonly DeviceView<int> _bmu;
    private readonly DeviceView<int> _second;
    private readonly DeviceView<float> _squaredDistances;
    private readonly DeviceView<float> _workspace;

    /// <summary>Allocates a map whose codebook is all zero.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="memory">Owner of its buffers.</param>
    /// <param name="shape">Sizes, with the largest number of samples of one call.</param>
    public SelfOrganizingMap(Backend<float> backend, DeviceMemory memory, SomShape shape)
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

    /// <summary>Positions of the units.</summary>
    public MapGrid Grid => _shape.Grid;

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

    /// <summary>Exchanges the codebook vectors of units: the new one of unit n is the old one of unit order[n].</summary>
    /// <param name="order">(U), each unit once.</param>
    public void Reorder(IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentOutOfRangeException.ThrowIfNotEqual(order.Count, Units, nameof(order));
        float[] old = Codebook.ToArray();
        float[] values = new float[old.Length];
        for (int unit = 0; unit < Units; unit++)
        {
            old.AsSpan(order[unit] * Dimension, Dimension).CopyTo(values.AsSpan(unit * Dimension));
        }

        Codebook.CopyFrom(values);
    }

    /// <summary>Finds the best and the second-best matching unit of each sample; they stay valid until the next call.</summary>
    /// <param name="samples">(count, D).</param>
    /// <param name="count">Samples; at most the number given to the constructor.</param>
    public Winners FindWinners(DeviceView<float> samples, int count)
    {
        var winners = new Winners(_bmu.First(count), _second.First(count), _squaredDistances.First(2 * count));
        _backend.BestMatchingUnits(samples, Codebook, Sizes(count), winners.Bmu, winners.Second, winners.SquaredDistances);
        return winners;
    }

    /// <summary>Copies the codebook vectors of units: output[n] = codebook[units[n]].</summary>
    public void Gather(DeviceView<int> units, DeviceView<float> output) =>
        _backend.GatherRows(Codebook, units, new RowsShape(units.Length, Dimension), output);

    /// <summary>Updates the codebook by the mini-batch Kohonen rule.</summary>
    /// <param name="samples">(N, D).</param>
    /// <param name="bmu">(N), their BMUs in the codebook before the update.</param>
    /// <param name="rates">(2): learning rate η and neighborhood width σ in grid cells, of a Gaussian its standard deviation.</param>
    public void UpdateBatch(DeviceView<float> samples, DeviceView<int> bmu, DeviceView<float> rates) =>
        _backend.SomUpdateBatch(samples, bmu, Sizes(bmu.Length), rates, _workspace, Codebook);

    /// <summary>Updates the codebook by Kohonen's online rule, one sample after another.</summary>
    /// <param name="samples">(count, D).</param>
    /// <param name="count">N.</param>
    /// <param name="rates">(2): learning rate η and neighborhood width σ in grid cells, of a Gaussian its standard deviation.</param>
    public void UpdateOnline(DeviceView<float> samples, int count, DeviceView<float> rates) =>
        _backend.SomUpdateOnline(samples, Sizes(count), rates, Codebook);

    private SomShape Sizes(int samples) => _shape with { Samples = samples };
}
