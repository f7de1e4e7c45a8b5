using GenSomAttn.Engine;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Networks;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Layers;

/// <summary>Every layer by finite differences through a backend, hence in float, and the contract of all layers.</summary>
public sealed class LayerTests
{
    private static readonly Tolerance Stencil = new(
        3e-3, 3e-3, "losses of size 10 in float, wrong by 1e-6 or so, differenced over steps of 1e-2; wrong wiring is wrong by 1");

    private static readonly LayerCase[] Cases =
    [
        new("Linear", context => new Linear(context, "linear", new LinearShape(3, 5, 4)), 15, 12),
        new("Conv2d", context => new Conv2d(context, "conv", new Conv2dShape(0, 5, 4, 2, 3, 3, 2, 2, 1)), 40, 27),
        new(
            "ConvTranspose2d",
            context => new ConvTranspose2d(context, "conv", new ConvTranspose2dShape(0, 3, 2, 3, 2, 4, 3, 2, 1, 1)), 18, 56),
        .. Enum.GetValues<Activation>().Select(
            activation => new LayerCase($"{activation}", context => new ActivationLayer(context, activation), 33, 33)),
        new("LayerNorm", context => new LayerNorm(context, "norm", new RowsShape(3, 7)), 21, 21),
        new("PositionEmbedding", context => new PositionEmbedding(context, "position", new RowsShape(3, 5)), 15, 15),
        new(
            "MultiHeadSelfAttention",
            context => new MultiHeadSelfAttention(context, "attention", new AttentionShape(0, 5, 6, 3)), 30, 30),
        new("LatentAttention", context => new LatentAttention(context, 16, default), 16, 16),
        new("SpatialAttention", context => new SpatialAttention(context, new RowsShape(3, 8)), 24, 24),
        new("PoolAttention", context => new PoolAttention(context, new RowsShape(3, 8), 16, default), 24, 16),
        new(
            "Sequence",
            context => new Sequence(
                new Linear(context, "first", new LinearShape(1, 4, 6)),
                new ActivationLayer(context, Activation.Sigmoid),
                new Linear(context, "second", new LinearShape(1, 6, 3))),
            4, 3),
    ];

    private static IEnumerable<TestCaseData> CasesOnAllBackends => Cases.SelectMany(each => AllBackends.With(each));

    [TestCaseSource(nameof(CasesOnAllBackends))]
    public void Backward_AgainstStencil_AgreesForInputAndParameters(LayerCase layer, string accelerator)
    {
        const int Batch = 2;
        using LayerProbe probe = layer.Probe(accelerator, maxBatch: 3);

        float[] dInput = probe.Backward(Batch);

        Compare.Close("input", dInput, probe.Stencil(null, Batch), Stencil);
        foreach (Parameter parameter in probe.Parameters.Parameters)
        {
            Compare.Close(parameter.Name, parameter.Gradient, probe.Stencil(parameter, Batch), Stencil);
        }
    }

    [TestCaseSource(nameof(CasesOnAllBackends))]
    public void Backward_Twice_DoublesParameterGradientsAlone(LayerCase layer, string accelerator)
    {
        using LayerProbe probe = layer.Probe(accelerator, maxBatch: 2);

        float[] first = probe.Backward(2);
        float[][] once = [.. probe.Parameters.Parameters.Select(parameter => parameter.Gradient.ToArray())];
        float[] second = probe.Backward(2);

        Compare.SameBits("input", second, first);
        for (int i = 0; i < once.Length; i++)
        {
            double[] twice = [.. once[i].Select(number => 2.0 * number)];
            Compare.Close(
                probe.Parameters.Parameters[i].Name, probe.Parameters.Parameters[i].Gradient, twice,
                new Tolerance(1e-5, 1e-5, "the second sum starts from the first, and rounds differently"));
        }
    }

    [TestCaseSource(nameof(CasesOnAllBackends))]
    public void Forward_SmallerBatchAfterLarger_ComputesItsSamplesAlone(LayerCase layer, string accelerator)
    {
        using LayerProbe probe = layer.Probe(accelerator, maxBatch: 5);

        float[] all = probe.Forward(5).Output;
        float[] few = probe.Forward(2).Output;

        Assert.That(few, Has.Length.EqualTo(2 * layer.OutputLength));
        Compare.Close("output", few, all.AsSpan(0, few.Length), new Tolerance(1e-5, 1e-5, "sums may be cut differently for another batch"));
    }

    /// <summary>A layer at small, odd sizes.</summary>
    public sealed record LayerCase(string Name, Func<LayerContext, Layer> Build, int InputLength, int OutputLength)
    {
        /// <inheritdoc/>
        public override string ToString() => Name;

        internal LayerProbe Probe(string accelerator, int maxBatch) => new(accelerator, Build, InputLength, OutputLength, maxBatch);
    }
}
