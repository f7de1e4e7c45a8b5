using GenSomAttn.Backends;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

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

    /// <summary>The model's map and batch, one whose sizes fill nothing, and one that is a line.</summary>
    private static readonly SomShape[] Maps = [new(64, 12, 12, 32), new(33, 5, 9, 7), new(33, 33, 1, 3)];

    /// <summary>Samples in such a number that a device may search for their winners in another way than for those of a batch.</summary>
    private static readonly SomShape ManySamples = new(4100, 3, 3, 5);

    /// <summary>Runs all of them.</summary>
    public static IReadOnlyList<CheckResult> Run(IBackend backend)
    {
        using ScratchBuffers scratch = new(backend);
        return
        [
            Add(scratch),
            Fill(scratch),
            RandomUniform(scratch),
            RandomNormal(scratch),
            GatherImages(scratch),
            GatherRows(scratch),
            .. Adam(scratch),
            .. Maps.Append(ManySamples).SelectMany(shape => BestMatchingUnits(scratch, shape)),
            .. Maps.Select(shape => SomUpdateBatch(scratch, shape)),
            .. Maps.Select(shape => SomUpdateOnline(scratch, shape)),
        ];
    }

    private static CheckResult Add(ScratchBuffers scratch)
    {
        double[] left = CheckNumbers.Draw(Length, 0), right = CheckNumbers.Draw(Length, 1), expected = new double[Length];
        Reference.Add(left, right, expected);
        DeviceView<float> sum = scratch.Zeros<float>(Length);
        scratch.Backend.Add(scratch.Rounded(left), scratch.Rounded(right), sum);
        return Compare($"add {Length}", "sum", sum, expected, Tolerance.Elementwise);
    }

    private static CheckResult Fill(ScratchBuffers scratch)
    {
        const float Value = -0.7f;
        DeviceView<float> output = scratch.Zeros<float>(Length);
        scratch.Backend.Fill(Value, output);
        return Compare($"fill {Length}", "output", output, [.. Enumerable.Repeat((double)Value, Length)], Tolerance.Exact);
    }

    private static CheckResult RandomUniform(ScratchBuffers scratch)
    {
        RandomKey key = new(1, RandomPurpose.Check, 0);
        double[] expected = new double[Length];
        Reference.RandomUniform(key, expected);
        DeviceView<float> output = scratch.Zeros<float>(Length);
        scratch.Backend.RandomUniform(key, output);
        return Compare($"random_uniform {Length}", "output", output, expected, Tolerance.Exact);
    }

    private static CheckResult RandomNormal(ScratchBuffers scratch)
    {
        RandomKey key = new(1, RandomPurpose.Check, 1);
        double[] expected = new double[Length];
        Reference.RandomNormal(key, expected);
        DeviceView<float> output = scratch.Zeros<float>(Length);
        scratch.Backend.RandomNormal(key, output);
        return Compare($"random_normal {Length}", "output", output, expected, Tolerance.Exact);
    }

    private static CheckResult GatherImages(ScratchBuffers scratch)
    {
        byte[] images = [.. CheckNumbers.DrawIndices(Rows.TotalLength, 256, 0).Select(pixel => (byte)pixel)];
        int[] indices = CheckNumbers.DrawIndices(Rows.Rows, Rows.Rows, 1);
        double[] expected = new double[Rows.TotalLength];
        Reference.GatherImages(images, indices, Rows.Length, expected);
        DeviceView<float> output = scratch.Zeros<float>(Rows.TotalLength);
        scratch.Backend.GatherImages(scratch.Of<byte>(images), scratch.Of<int>(indices), Rows.Length, output);
        return Compare($"gather_images {Rows.Rows}x{Rows.Length}", "output", output, expected, Tolerance.Elementwise);
    }

    private static CheckResult GatherRows(ScratchBuffers scratch)
    {
        double[] rows = CheckNumbers.Draw(Rows.TotalLength, 0);
        int[] indices = CheckNumbers.DrawIndices(Rows.Rows, Rows.Rows, 1);
        double[] expected = new double[Rows.TotalLength];
        Reference.GatherRows(rows, indices, Rows, expected);
        DeviceView<float> output = scratch.Zeros<float>(Rows.TotalLength);
        scratch.Backend.GatherRows(scratch.Rounded(rows), scratch.Of<int>(indices), Rows, output);
        return Compare($"gather_rows {Rows.Rows}x{Rows.Length}", "output", output, expected, Tolerance.Exact);
    }

    private static IEnumerable<CheckResult> Adam(ScratchBuffers scratch)
    {
        AdamSettings settings = new(0.9, 0.999, 1e-8);
        double[] parameter = CheckNumbers.Draw(Length, 0), firstMoment = new double[Length], secondMoment = new double[Length];
        DeviceView<float> deviceParameter = scratch.Rounded(parameter);
        DeviceView<float> deviceFirst = scratch.Zeros<float>(Length);
        DeviceView<float> deviceSecond = scratch.Zeros<float>(Length);
        for (int step = 1; step <= AdamSteps; step++)
        {
            double[] gradient = CheckNumbers.Draw(Length, (uint)step);
            (float stepSize, float secondScale) = settings.Rates(1e-2, step);
            float[] rates = [stepSize, secondScale];
            Reference.AdamStep(gradient, settings, rates, parameter, firstMoment, secondMoment);
            scratch.Backend.AdamStep(
                scratch.Rounded(gradient), settings, scratch.Of<float>(rates), deviceParameter, deviceFirst, deviceSecond);
        }

        string name = $"adam {Length}, {AdamSteps} steps";
        yield return Compare(name, "parameter", deviceParameter, parameter, Tolerance.Elementwise);
        yield return Compare(name, "firstMoment", deviceFirst, firstMoment, Tolerance.Elementwise);
        yield return Compare(name, "secondMoment", deviceSecond, secondMoment, Tolerance.Elementwise);
    }

    private static IEnumerable<CheckResult> BestMatchingUnits(ScratchBuffers scratch, SomShape shape)
    {
        double[] input = CheckNumbers.Draw(shape.InputLength, 0), codebook = CheckNumbers.Draw(shape.CodebookLength, 1);
        int[] bmu = new int[shape.Samples], second = new int[shape.Samples];
        double[] squaredDistances = new double[2 * shape.Samples];
        Reference.BestMatchingUnits(input, codebook, shape, bmu, second, squaredDistances);
        DeviceView<int> deviceBmu = scratch.Zeros<int>(bmu.Length);
        DeviceView<int> deviceSecond = scratch.Zeros<int>(second.Length);
        DeviceView<float> deviceDistances = scratch.Zeros<float>(squaredDistances.Length);
        scratch.Backend.BestMatchingUnits(
            scratch.Rounded(input), scratch.Rounded(codebook), shape, deviceBmu, deviceSecond, deviceDistances);
        string name = $"best_matching_units {Describe(shape)}";
        yield return Compare(name, "bmu", deviceBmu, bmu);
        yield return Compare(name, "second", deviceSecond, second);
        yield return Compare(name, "squaredDistances", deviceDistances, squaredDistances, Tolerance.OfSum(shape.Dimension));
    }

    private static CheckResult SomUpdateBatch(ScratchBuffers scratch, SomShape shape)
    {
        (float learningRate, float sigma) = (0.3f, 1.5f);
        double[] input = CheckNumbers.Draw(shape.InputLength, 0), codebook = CheckNumbers.Draw(shape.CodebookLength, 1);
        int[] bmu = CheckNumbers.DrawIndices(shape.Samples, shape.Units, 2);
        DeviceView<float> deviceCodebook = scratch.Rounded(codebook);
        scratch.Backend.SomUpdateBatch(
            scratch.Rounded(input), scratch.Of<int>(bmu), shape, scratch.Of<float>([learningRate, sigma]),
            scratch.Zeros<float>(shape.BatchWorkspaceLength), deviceCodebook);
        Reference.SomUpdateBatch(input, bmu, shape, learningRate, sigma, codebook);
        return Compare($"som_update_batch {Describe(shape)}", "codebook", deviceCodebook, codebook, Tolerance.OfSum(shape.Samples));
    }

    private static CheckResult SomUpdateOnline(ScratchBuffers scratch, SomShape shape)
    {
        (float learningRate, float sigma) = (0.3f, 1.5f);
        double[] input = CheckNumbers.Draw(shape.InputLength, 0), codebook = CheckNumbers.Draw(shape.CodebookLength, 1);
        DeviceView<float> deviceCodebook = scratch.Rounded(codebook);
        scratch.Backend.SomUpdateOnline(scratch.Rounded(input), shape, scratch.Of<float>([learningRate, sigma]), deviceCodebook);
        Reference.SomUpdateOnline(input, shape, learningRate, sigma, codebook);
        return Compare($"som_update_online {Describe(shape)}", "codebook", deviceCodebook, codebook, Tolerance.OfSum(shape.Samples));
    }

    private static string Describe(SomShape shape) => $"{shape.Samples}x{shape.Dimension}, map {shape.MapHeight}x{shape.MapWidth}";

    private static CheckResult Compare(string name, string tensor, DeviceView<float> got, double[] expected, Tolerance tolerance)
        => CheckResult.Compare(name, tensor, CheckStage.Forward, CheckNumbers.Widened(got), expected, tolerance);

    private static CheckResult Compare(string name, string tensor, DeviceView<int> got, int[] expected) => CheckResult.Compare(
        name, tensor, CheckStage.Forward, CheckNumbers.Widened(got), CheckNumbers.Widened(expected), Tolerance.Exact);
}
