using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks;

/// <summary>
/// Checks the hand-written gradients of all differentiable operations. Each case runs twice: the reference's backward against
/// central differences of its forward, all in double; then a backend's forward and backward in float against the reference.
/// </summary>
/// <remarks>
/// The loss is Σ u · output with a fixed random u: a plain sum of a softmax or of a normalized row is constant, and its zero
/// gradient would hide any mistake. All elements of all inputs are checked. NaN fails, and so does a gradient that is
/// zero everywhere.
/// </remarks>
public static class GradientChecks
{
    /// <summary>Every differentiable operation, at sizes that are no multiples of anything and at those of the model.</summary>
    public static IReadOnlyList<GradientCase> Cases { get; } =
    [
        new Conv2dCase(new Conv2dShape(2, 7, 5, 3, 4, 3, 2, 2, 1)),
        new Conv2dCase(new Conv2dShape(1, 9, 6, 1, 33, 3, 3, 1, 0)),
        new Conv2dCase(new Conv2dShape(3, 6, 8, 5, 1, 4, 4, 2, 1)),
        new Conv2dCase(new Conv2dShape(2, 3, 5, 17, 3, 1, 1, 1, 0)),
        new Conv2dCase(new Conv2dShape(1, 4, 6, 1, 32, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(2, 5, 7, 3, 32, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(1, 2, 2, 32, 64, 3, 3, 2, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 3, 4, 5, 3, 3, 2, 2, 1, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 4, 3, 1, 33, 3, 3, 1, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(3, 2, 5, 4, 1, 5, 5, 2, 2, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 1, 1, 64, 32, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 3, 4, 32, 1, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 3, 4, 32, 3, 4, 4, 2, 1, 0)),
        new LinearCase(new LinearShape(3, 33, 65)),
        new LinearCase(new LinearShape(1, 1025, 3)),
        new LinearCase(new LinearShape(33, 4, 1)),
        new LinearCase(new LinearShape(5, 8, 24), bias: false),
        new LayerNormCase(new RowsShape(5, 33)),
        new LayerNormCase(new RowsShape(1, 1025)),
        new SoftmaxCase(new RowsShape(3, 33)),
        new SoftmaxCase(new RowsShape(1, 1025)),
        new AttentionCase(new AttentionShape(2, 8, 32, 4)),
        new AttentionCase(new AttentionShape(3, 5, 12, 3)),
        new AttentionCase(new AttentionShape(1, 33, 2, 1)),
        .. Enum.GetValues<Activation>().Select(activation => new ActivationCase(activation, 1025)),
        new BiasCase(new RowsShape(33, 65)),
        new BiasCase(new RowsShape(1025, 3)),
        new MseCase(1025),
        new GaussianKlCase(new RowsShape(1, 33)),
        new GaussianKlCase(new RowsShape(7, 5)),
        new GaussianSampleCase(1025),
        new SoftmaxCrossEntropyCase(new RowsShape(33, 10)),
        new SoftmaxCrossEntropyCase(new RowsShape(3, 65)),
    ];

    /// <summary>Runs all cases: the reference against central differences, then the backend against the reference.</summary>
    /// <param name="backend">The backend to check.</param>
    /// <param name="progress">Receives, before each case, the number of those that are done and of all; null for none.</param>
    public static IReadOnlyList<CheckResult> Run(Backend<float> backend, Action<int, int>? progress = null)
    {
        List<CheckResult> results = [];
        foreach ((int done, GradientCase each) in Cases.Index())
        {
            progress?.Invoke(done, Cases.Count);
            results.AddRange([.. CheckReference(each), .. CheckBackend(each, backend)]);
        }

        return results;
    }

    /// <summary>Backward of the reference against central differences of its forward, in double.</summary>
    public static IReadOnlyList<CheckResult> CheckReference(GradientCase gradientCase)
    {
        ArgumentNullException.ThrowIfNull(gradientCase);
        double[][] inputs = DrawInputs(gradientCase);
        double[] dOutput = DrawOutputGradient(gradientCase);
        double[][] dInputs = ReferenceGradients(gradientCase, inputs, dOutput);

        // Filled anew for each evaluation, and not allocated: an element of 32,768 takes two evaluations.
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> kept = new(reference);
        DeviceView<double>[] views = Views(kept, inputs);
        DeviceView<double> output = kept.Zeros<double>(gradientCase.OutputLength);
        double[] zeros = new double[output.Length], outputs = new double[output.Length];
        double Loss()
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                views[i].CopyFrom(inputs[i]);
            }

            output.CopyFrom(zeros);
            using ScratchBuffers<double> scratch = new(reference);
            gradientCase.Forward(scratch, views, output);
            output.CopyTo(outputs);
            double loss = 0;
            for (int i = 0; i < outputs.Length; i++)
            {
                loss += dOutput[i] * outputs[i];
            }

            return loss;
        }

        var results = new List<CheckResult>();
        for (int i = 0; i < inputs.Length; i++)
        {
            if (gradientCase.Inputs[i].Gradient is not null)
            {
                results.Add(CheckResult.Compare(
                    gradientCase.Name, GradientName(gradientCase.Inputs[i]), CheckStage.Reference,
                    dInputs[i], NumericalGradient.CentralDifferences(inputs[i], Loss), Tolerance.CentralDifferences));
            }
        }

        return results;
    }

    /// <summary>Forward and backward of a backend in float against the reference in double.</summary>
    public static IReadOnlyList<CheckResult> CheckBackend(GradientCase gradientCase, Backend<float> backend)
    {
        ArgumentNullException.ThrowIfNull(gradientCase);
        ArgumentNullException.ThrowIfNull(backend);
        double[][] inputs = DrawInputs(gradientCase);
        double[] dOutput = DrawOutputGradient(gradientCase);
        double[][] dInputs = ReferenceGradients(gradientCase, inputs, dOutput);
        double[] output = ReferenceOutput(gradientCase, inputs);

        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float>[] deviceInputs = [.. inputs.Select(input => scratch.Rounded(input))];
        DeviceView<float>[] deviceDInputs = [.. inputs.Select(input => scratch.Zeros<float>(input.Length))];
        DeviceView<float> deviceOutput = scratch.Zeros<float>(output.Length);
        gradientCase.Forward(scratch, deviceInputs, deviceOutput);
        gradientCase.Backward(scratch, deviceInputs, scratch.Rounded(dOutput), deviceDInputs);

        List<CheckResult> results =
        [
            CheckResult.Compare(
                gradientCase.Name, "output", CheckStage.Forward, CheckNumbers.Widened(deviceOutput), output, gradientCase.OutputTolerance),
        ];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (gradientCase.Inputs[i].Gradient is Tolerance tolerance)
            {
                results.Add(CheckResult.Compare(
                    gradientCase.Name, GradientName(gradientCase.Inputs[i]), CheckStage.Backward,
                    CheckNumbers.Widened(deviceDInputs[i]), dInputs[i], tolerance));
            }
        }

        return results;
    }

    /// <summary>dInput for input, as the operations name their gradients.</summary>
    private static string GradientName(CaseInput input) => $"d{char.ToUpperInvariant(input.Name[0])}{input.Name[1..]}";

    private static double[] ReferenceOutput(GradientCase gradientCase, double[][] inputs)
    {
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> scratch = new(reference);
        DeviceView<double> output = scratch.Zeros<double>(gradientCase.OutputLength);
        gradientCase.Forward(scratch, Views(scratch, inputs), output);
        return output.ToArray();
    }

    private static double[][] ReferenceGradients(GradientCase gradientCase, double[][] inputs, double[] dOutput)
    {
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> scratch = new(reference);
        DeviceView<double>[] dInputs = [.. inputs.Select(input => scratch.Zeros<double>(input.Length))];
        gradientCase.Backward(scratch, Views(scratch, inputs), scratch.Of<double>(dOutput), dInputs);
        return [.. dInputs.Select(view => view.ToArray())];
    }

    private static DeviceView<double>[] Views(ScratchBuffers<double> scratch, double[][] tensors) =>
        [.. tensors.Select(tensor => scratch.Of<double>(tensor))];

    private static double[][] DrawInputs(GradientCase gradientCase)
        => [.. gradientCase.Inputs.Select((input, index) => CheckNumbers.Draw(input.Length, (uint)index + 1, input.KinkDistance))];

    private static double[] DrawOutputGradient(GradientCase gradientCase) => CheckNumbers.Draw(gradientCase.OutputLength, 0);
}
