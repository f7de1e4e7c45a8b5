using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Layers;

/// <summary>Parameters: their layouts, their flat buffers, their initial values.</summary>
public sealed class ParameterTests
{
    private static readonly TestCaseData<ParameterLayout, int[]>[] Layouts =
    [
        new(ParameterLayout.Same(2, 3), [2, 3]),
        new(ParameterLayout.Linear(3, 2), [2, 3]),
        new(ParameterLayout.LinearAfterFlatten(2, 3, 4, 5), [5, 24]),
        new(ParameterLayout.LinearBeforeUnflatten(5, 2, 3, 4), [24, 5]),
        new(ParameterLayout.BiasBeforeUnflatten(2, 3, 4), [24]),
        new(ParameterLayout.Conv2d(new Conv2dShape(0, 8, 8, 4, 5, 2, 3, 1, 0)), [5, 4, 2, 3]),
        new(ParameterLayout.ConvTranspose2d(new ConvTranspose2dShape(0, 8, 8, 4, 5, 2, 3, 1, 0, 0)), [4, 5, 2, 3]),
    ];

    [TestCaseSource(nameof(Layouts))]
    public void Layout_ToTorchAndBack_IsAPermutation(ParameterLayout layout, int[] torchShape)
    {
        float[] native = [.. Enumerable.Range(0, layout.Length).Select(i => (float)i)];

        float[] torch = layout.ToTorch(native);

        Assert.That(layout.TorchShape, Is.EqualTo(torchShape));
        Assert.That(torch, Is.EquivalentTo(native));
        Assert.That(layout.FromTorch(torch), Is.EqualTo(native));
    }

    [Test]
    public void ConvTranspose2dLayout_OneElement_LiesWhereItsIndicesSay()
    {
        (int ic, int kh, int kw, int oc) = (2, 3, 2, 4);
        var layout = ParameterLayout.ConvTranspose2d(new ConvTranspose2dShape(0, 8, 8, ic, oc, kh, kw, 1, 0, 0));
        float[] native = new float[layout.Length];
        native[(((((1 * kh) + 2) * kw) + 1) * oc) + 3] = 1; // (ic 1, kh 2, kw 1, oc 3)

        float[] torch = layout.ToTorch(native);

        Assert.That(torch[(((((1 * oc) + 3) * kh) + 2) * kw) + 1], Is.EqualTo(1));
    }

    [Test]
    public void Declare_TwiceOrAfterAllocation_IsRefused()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using DeviceMemory memory = new(backend);
        ParameterSet parameters = new();
        parameters.Declare("weight", ParameterLayout.Same(3), Initializer.Constant(0));

        Assert.That(() => parameters.Declare("weight", ParameterLayout.Same(3), Initializer.Constant(0)), Throws.InvalidOperationException);
        parameters.Allocate(memory);
        Assert.That(() => parameters.Declare("bias", ParameterLayout.Same(3), Initializer.Constant(0)), Throws.InvalidOperationException);
    }

    [Test]
    public void Allocate_SeveralParameters_ViewsLieInTheFlatBuffersApart()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using DeviceMemory memory = new(backend);
        ParameterSet parameters = new();
        Parameter first = parameters.Declare("first", ParameterLayout.Same(17), Initializer.Constant(1));
        Parameter second = parameters.Declare("second", ParameterLayout.Same(1, 3), Initializer.Constant(2));
        parameters.Allocate(memory);

        parameters.Initialize(0);
        backend.Fill(7, first.Gradient);

        Assert.That(parameters.ElementCount, Is.EqualTo(20));
        Assert.That(first.Value.ToArray(), Is.All.EqualTo(1));
        Assert.That(second.Value.ToArray(), Is.EqualTo([2f, 2, 2]));
        Assert.That(parameters.Values.ToArray().Sum(), Is.EqualTo(17 + 6));
        Assert.That(second.Gradient.ToArray(), Is.All.Zero);
        Assert.That(second.Value.Offset % 16, Is.Zero);
    }

    [Test]
    public void FanIn_ManyNumbers_FillTheRangeEvenly()
    {
        float[] numbers = new float[100_000];
        Initializer.FanIn(25).Fill(new RandomKey(3, RandomPurpose.Initialization, 0), numbers);

        // Uniform in ±0.2: variance 0.04 / 3; the mean of 100,000 is within 0.0015 but for once in 15,000 times (4 deviations).
        Assert.That(numbers.Min(), Is.InRange(-0.2f, -0.199f));
        Assert.That(numbers.Max(), Is.InRange(0.199f, 0.2f));
        Assert.That(numbers.Average(), Is.Zero.Within(0.0015));
        Assert.That(numbers.Average(number => (double)number * number), Is.EqualTo(0.04 / 3).Within(2e-4));
    }

    [Test]
    public void Normal_ManyNumbers_HaveTheirDeviation()
    {
        float[] numbers = new float[100_000];
        Initializer.Normal(0.1f).Fill(new RandomKey(3, RandomPurpose.Codebook, 0), numbers);

        Assert.That(numbers.Average(), Is.Zero.Within(0.0013));
        Assert.That(Math.Sqrt(numbers.Average(number => (double)number * number)), Is.EqualTo(0.1).Within(0.001));
        Assert.That(numbers.Max(Math.Abs), Is.InRange(0.38, 0.6));
    }
}
