using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>
/// Operations without reductions give the same bits on every device that runs kernels. The expected bits are those of the simulator, where
/// .NET rounds by IEEE 754; on the simulator itself, those of another run.
/// </summary>
public sealed class SameBitsTests
{
    private const int Length = 67;

    private static readonly (string Operation, Func<ScratchBuffers<float>, DeviceView<float>[]> Run)[] Operations =
    [
        ("Add", scratch => Made(scratch, output => scratch.Backend.Add(Normal(scratch, 1), Normal(scratch, 2), output))),
        ("GatherImages", scratch => Made(scratch, output => scratch.Backend.GatherImages(
            scratch.Of<byte>([.. Enumerable.Range(0, 256).Select(pixel => (byte)pixel)]), scratch.Of<int>(Draw.Indices(Length, 256, 3)), 1,
            output))),
        ("GatherRows", scratch => Made(scratch, output => scratch.Backend.GatherRows(
            Normal(scratch, 1), scratch.Of<int>(Draw.Indices(Length, Length, 3)), new RowsShape(Length, 1), output))),
        ("RandomNormal", scratch => Made(scratch, output => scratch.Backend.RandomNormal(Key, output))),
        ("BiasForward", scratch => OutputOf(scratch, new BiasCase(new RowsShape(1, Length)))),
        .. Enum.GetValues<Activation>().Select(activation => (
            $"{activation}",
            (Func<ScratchBuffers<float>, DeviceView<float>[]>)(scratch => AllOf(scratch, new ActivationCase(activation, Length))))),
        ("GaussianSample", scratch => AllOf(scratch, new GaussianSampleCase(Length))),
        ("MseBackward", scratch => Made(
            scratch, output => scratch.Backend.MseBackward(Normal(scratch, 1), Normal(scratch, 2), 0.25f, output))),
        ("AdamStep", scratch =>
        {
            DeviceView<float> parameter = Normal(scratch, 1), first = Normal(scratch, 2), second = scratch.Zeros<float>(Length);
            scratch.Backend.AdamStep(
                Normal(scratch, 3), new AdamSettings(0.9, 0.999, 1e-8), scratch.Of<float>([1e-2f, 1000]), parameter, first, second);
            return [parameter, first, second];
        }),
    ];

    private static readonly RandomKey Key = new(7, RandomPurpose.Check, 5);

    private static IEnumerable<TestCaseData> Cases =>
        from device in AllBackends.Devices
        from operation in Operations
        select new TestCaseData(operation.Operation, device.Arguments[0]);

    [TestCaseSource(nameof(Cases))]
    public void Operation_ThatSumsNothing_HasTheBitsOfTheSimulator(string operation, string accelerator)
    {
        float[][] expected = Run(operation, AllBackends.Simulator);
        float[][] got = Run(operation, accelerator);

        Assert.That(got, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(expected[i], Has.Some.Not.EqualTo(0f));
            Compare.SameBits($"{operation}, tensor {i}", got[i], expected[i]);
        }
    }

    private static float[][] Run(string operation, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        return [.. Operations.Single(each => each.Operation == operation).Run(scratch).Select(tensor => tensor.ToArray())];
    }

    private static DeviceView<float> Normal(ScratchBuffers<float> scratch, uint stream) => scratch.Of<float>(Draw.Normal(Length, stream));

    private static DeviceView<float>[] Made(ScratchBuffers<float> scratch, Action<DeviceView<float>> make)
    {
        DeviceView<float> output = scratch.Zeros<float>(Length);
        make(output);
        return [output];
    }

    private static DeviceView<float>[] OutputOf(ScratchBuffers<float> scratch, GradientCase gradientCase)
    {
        OpRun run = new(gradientCase, scratch);
        run.Forward();
        return [run.Output];
    }

    /// <summary>Computes the output and the gradients of the inputs that have one.</summary>
    private static DeviceView<float>[] AllOf(ScratchBuffers<float> scratch, GradientCase gradientCase)
    {
        OpRun run = new(gradientCase, scratch);
        run.Forward();
        run.Backward();
        IEnumerable<DeviceView<float>> gradients = run.DInputs.Where((_, i) => gradientCase.Inputs[i].Gradient is not null);
        return [run.Output, .. gradients];
    }
}
