using System.Numerics;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks;

/// <summary>
/// Checks the operations that have no gradient: a backend in float against the reference in double, at sizes that are no multiples of
/// anything and at those of the model. Those that have one are checked by <see cref="GradientChecks"/>.
/// </summary>
public static class PlainChecks
{
    private const int Length = 1025;

    /// <summary>Steps of Adam: enough that both moments are carried on.</summary>
    private const int AdamSteps = 3;

    private static readonly RowsShape Rows = new(5, 33);

    /// <summary>The model's map and batch, one whose sizes fill nothing, one that is a line, and other grids and neighborhoods.</summary>
    private static readonly SomShape[] Maps =
    [
        new(64, 12, 12, 32), new(33, 5, 9, 7), new(33, 33, 1, 3), new(33, 6, 5, 7, MapLattice.Hexagon, MapEdges.Torus),
        new(33, 5, 7, 7, MapLattice.Rectangle, MapEdges.Torus, NeighborhoodKind.Bubble),
        new(9, 5, 7, 3, Neighborhood: NeighborhoodKind.Epanechnikov), new(9, 5, 7, 3, Neighborhood: NeighborhoodKind.MexicanHat),
    ];

    /// <summary>Windows with and without padding, that overlap and that do not.</summary>
    private static readonly Pool2dShape[] Pools = [new(2, 7, 9, 33, 3, 2, 0), new(2, 5, 4, 17, 3, 1, 1), new(3, 4, 4, 5, 4, 1, 0)];

    /// <summary>Enough samples that a device may search for their BMUs in another way than for those of a batch.</summary>
    private static readonly SomShape ManySamples = new(4100, 3, 3, 5);

    /// <summary>Runs all of them.</summary>
    public static IReadOnlyList<CheckResult> Run(Backend<float> backend)
    {
        using ScratchBuffers<float> scratch = new(backend);
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> wide = new(reference);
        return
        [
            .. Tensors(scratch).Zip(Tensors(wide), (got, expected) => CheckResult.Compare(
                got.Case, got.Name, CheckStage.Forward, got.Values, expected.Values, got.Tolerance)),
        ];
    }

    /// <summary>What every operation computes.</summary>
    private static IEnumerable<Tensor> Tensors<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        Add(scratch),
        Fill(scratch),
        RandomNormal(scratch),
        GatherImages(scratch),
        GatherRows(scratch),
        CopyIntoColumns(scratch),
        .. Pools.SelectMany(shape => Enum.GetValues<Pooling>().Select(pooling => Pool2d(scratch, shape, pooling))),
        .. Adam(scratch),
        .. Maps.Append(ManySamples).SelectMany(shape => BestMatchingUnits(scratch, shape)),
        .. Maps.Select(shape => SomUpdateBatch(scratch, shape)),
        .. Maps.Select(shape => SomUpdateOnline(scratch, shape)),
    ];

    private static Tensor Add<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<T> sum = scratch.Zeros<T>(Length);
        scratch.Backend.Add(Drawn(scratch, Length, 0), Drawn(scratch, Length, 1), sum);
        return Of($"add {Length}", "sum", sum, Tolerance.Elementwise);
    }

    private static Tensor Fill<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<T> output = scratch.Zeros<T>(Length);
        scratch.Backend.Fill(T.CreateChecked(-0.7f), output);
        return Of($"fill {Length}", "output", output, Tolerance.Exact);
    }

    private static Tensor RandomNormal<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<T> output = scratch.Zeros<T>(Length);
        scratch.Backend.RandomNormal(new RandomKey(1, RandomPurpose.Check, 1), output);
        return Of($"random_normal {Length}", "output", output, Tolerance.Exact);
    }

    private static Tensor GatherImages<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        byte[] images = [.. CheckNumbers.DrawIndices(Rows.TotalLength, 256, 0).Select(pixel => (byte)pixel)];
        DeviceView<T> output = scratch.Zeros<T>(Rows.TotalLength);
        scratch.Backend.GatherImages(
            scratch.Of<byte>(images), scratch.Of<int>(CheckNumbers.DrawIndices(Rows.Rows, Rows.Rows, 1)), Rows.Length, output);
        return Of($"gather_images {Rows.Rows}x{Rows.Length}", "output", output, Tolerance.Elementwise);
    }

    private static Tensor GatherRows<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<T> output = scratch.Zeros<T>(Rows.TotalLength);
        scratch.Backend.GatherRows(
            Drawn(scratch, Rows.TotalLength, 0), scratch.Of<int>(CheckNumbers.DrawIndices(Rows.Rows, Rows.Rows, 1)), Rows, output);
        return Of($"gather_rows {Rows.Rows}x{Rows.Length}", "output", output, Tolerance.Exact);
    }

    private static Tensor CopyIntoColumns<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ColumnsShape shape = new(Rows.Rows, Rows.Length, 7, 50);
        DeviceView<T> whole = Drawn(scratch, shape.WholeLength, 1);
        scratch.Backend.CopyIntoColumns(Drawn(scratch, shape.PartLength, 0), shape, whole);
        return Of($"copy_into_columns {shape.Rows}x{shape.Columns} of {shape.Width}", "whole", whole, Tolerance.Exact);
    }

    private static Tensor Pool2d<T>(ScratchBuffers<T> scratch, Pool2dShape shape, Pooling pooling)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<T> output = scratch.Zeros<T>(shape.OutputLength);
        scratch.Backend.Pool2dForward(Drawn(scratch, shape.InputLength, 0), shape, pooling, output);
        string name = $"pool2d {pooling.ToString().ToLowerInvariant()} {shape.Batch}x{shape.InHeight}x{shape.InWidth}x{shape.Channels} "
            + $"k{shape.Kernel} s{shape.Stride} p{shape.Padding}";
        return Of(name, "output", output, pooling == Pooling.Max ? Tolerance.Exact : Tolerance.OfSum(shape.Kernel * shape.Kernel));
    }

    private static IEnumerable<Tensor> Adam<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        AdamSettings settings = new(0.9, 0.999, 1e-8);
        DeviceView<T> parameter = Drawn(scratch, Length, 0);
        DeviceView<T> firstMoment = scratch.Zeros<T>(Length), secondMoment = scratch.Zeros<T>(Length);
        for (int step = 1; step <= AdamSteps; step++)
        {
            (float stepSize, float secondScale) = settings.Rates(1e-2, step);
            scratch.Backend.AdamStep(
                Drawn(scratch, Length, (uint)step), settings, scratch.Rounded([stepSize, secondScale]),
                parameter, firstMoment, secondMoment);
        }

        string name = $"adam {Length}, {AdamSteps} steps";
        yield return Of(name, "parameter", parameter, Tolerance.Elementwise);
        yield return Of(name, "firstMoment", firstMoment, Tolerance.Elementwise);
        yield return Of(name, "secondMoment", secondMoment, Tolerance.Elementwise);
    }

    private static IEnumerable<Tensor> BestMatchingUnits<T>(ScratchBuffers<T> scratch, SomShape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<int> bmu = scratch.Zeros<int>(shape.Samples), second = scratch.Zeros<int>(shape.Samples);
        DeviceView<T> squaredDistances = scratch.Zeros<T>(2 * shape.Samples);
        scratch.Backend.BestMatchingUnits(
            Drawn(scratch, shape.InputLength, 0), Drawn(scratch, shape.CodebookLength, 1), shape, bmu, second, squaredDistances);
        string name = $"best_matching_units {Describe(shape)}";
        yield return Of(name, "bmu", bmu, Tolerance.Exact);
        yield return Of(name, "second", second, Tolerance.Exact);
        yield return Of(name, "squaredDistances", squaredDistances, Tolerance.OfSum(shape.Dimension));
    }

    private static Tensor SomUpdateBatch<T>(ScratchBuffers<T> scratch, SomShape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<T> codebook = Drawn(scratch, shape.CodebookLength, 1);
        scratch.Backend.SomUpdateBatch(
            Drawn(scratch, shape.InputLength, 0), scratch.Of<int>(CheckNumbers.DrawIndices(shape.Samples, shape.Units, 2)), shape,
            Rates(scratch), scratch.Zeros<T>(shape.BatchWorkspaceLength), codebook);
        return Of($"som_update_batch {Describe(shape)}", "codebook", codebook, Tolerance.OfSum(shape.Samples));
    }

    private static Tensor SomUpdateOnline<T>(ScratchBuffers<T> scratch, SomShape shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        DeviceView<T> codebook = Drawn(scratch, shape.CodebookLength, 1);
        scratch.Backend.SomUpdateOnline(Drawn(scratch, shape.InputLength, 0), shape, Rates(scratch), codebook);
        return Of($"som_update_online {Describe(shape)}", "codebook", codebook, Tolerance.OfSum(shape.Samples));
    }

    /// <summary>η = 0.3 and σ = 1.5.</summary>
    private static DeviceView<T> Rates<T>(ScratchBuffers<T> scratch)
        where T : unmanaged, IFloatingPointIeee754<T> => scratch.Rounded([0.3f, 1.5f]);

    private static DeviceView<T> Drawn<T>(ScratchBuffers<T> scratch, int length, uint stream)
        where T : unmanaged, IFloatingPointIeee754<T> => scratch.Rounded(CheckNumbers.Draw(length, stream));

    private static string Describe(SomShape shape)
    {
        string kind = shape.IsSeparable ? "" : $" {shape.Lattice} {shape.Edges} {shape.Neighborhood}".ToLowerInvariant();
        return $"{shape.Samples}x{shape.Dimension}, map {shape.MapHeight}x{shape.MapWidth}{kind}";
    }

    private static Tensor Of<T>(string name, string tensor, DeviceView<T> view, Tolerance tolerance)
        where T : unmanaged, INumber<T> =>
        new(name, tensor, Array.ConvertAll(view.ToArray(), double.CreateChecked), tolerance);

    /// <summary>A tensor that an operation computed, and how far a backend's may be from the reference's.</summary>
    private sealed record Tensor(string Case, string Name, double[] Values, Tolerance Tolerance);
}
