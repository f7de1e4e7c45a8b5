using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Linear layers, at the sizes of the model and at awkward ones.</summary>
public sealed class LinearTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new LinearCase(new LinearShape(1, 3136, 32)),
        new LinearCase(new LinearShape(32, 32, 3136)),
        new LinearCase(new LinearShape(512, 4, 32)),
        new LinearCase(new LinearShape(5, 33, 65), bias: false),
        new LinearCase(new LinearShape(1, 1, 1)),
        new LinearCase(new LinearShape(3, 1025, 3)),
        new LinearCase(new LinearShape(65, 3, 1)),
        new LinearCase(new LinearShape(1, 32, 3136)),
        new LinearCase(new LinearShape(2, 4100, 17), bias: false),
        new LinearCase(new LinearShape(4, 70, 515)),
        new LinearCase(new LinearShape(9, 17, 15)),
        new LinearCase(new LinearShape(16, 33, 16)),
        new LinearCase(new LinearShape(17, 16, 17)),
        new LinearCase(new LinearShape(8, 5, 48)),
        new LinearCase(new LinearShape(270, 15, 8)),

        // Large enough for the largest tiles of each product, with partial tiles at the edges.
        new LinearCase(new LinearShape(530, 521, 515)));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void LinearForward_ViewsThatBeginAnywhere_GivesTheSameBits(string accelerator)
    {
        // Sizes at which kernels load four floats at once if aligned to four; a GPU faults on unaligned vector loads.
        LinearShape shape = new(Rows: 8, InFeatures: 12, OutFeatures: 8);
        using Backend<float> backend = AllBackends.Create(accelerator);

        float[] expected = Forward(backend, shape, offset: 0);

        Assert.That(expected, Has.None.Zero);
        Assert.That(Forward(backend, shape, offset: 1), Is.EqualTo(expected));
        Assert.That(Forward(backend, shape, offset: 6), Is.EqualTo(expected));
    }

    private static float[] Forward(Backend<float> backend, LinearShape shape, int offset)
    {
        DeviceView<float> Numbers(int length, uint stream)
        {
            DeviceView<float> view = backend.Allocate<float>(offset + length).View.Slice(offset, length);
            Draw.FillUniform(view, stream);
            return view;
        }

        DeviceView<float> input = Numbers(shape.Rows * shape.InFeatures, 0);
        DeviceView<float> weight = Numbers(shape.InFeatures * shape.OutFeatures, 1);
        DeviceView<float> bias = Numbers(shape.OutFeatures, 2);
        DeviceView<float> output = Numbers(shape.Rows * shape.OutFeatures, 3);
        backend.LinearForward(input, weight, bias, shape, output);
        return output.ToArray();
    }
}
