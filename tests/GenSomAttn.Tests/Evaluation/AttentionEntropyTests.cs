using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Entropy of attention: hand-made probabilities, and those of a model of minimum size.</summary>
public sealed class AttentionEntropyTests
{
    private static readonly AttentionShape TwoTokens = new(1, 2, 2, 1);

    [Test]
    public void AgainstUniform_OneTokenOrAllAlike_IsZeroOrOne()
    {
        AttentionShape shape = new(1, 4, 4, 1);
        float[] one = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0];
        float[] all = [.. Enumerable.Repeat(0.25f, 16)];

        Assert.That(AttentionEntropy.AgainstUniform(one, shape, 4), Is.Zero);
        Assert.That(AttentionEntropy.AgainstUniform(all, shape, 4), Is.EqualTo(1).Within(1e-15));
    }

    [Test]
    public void AgainstUniform_TwoAlikeOfFour_IsAHalf()
    {
        float[] two = [.. Enumerable.Repeat<float[]>([0.5f, 0, 0.5f, 0], 4).SelectMany(row => row)];

        Assert.That(AttentionEntropy.AgainstUniform(two, new AttentionShape(1, 4, 4, 1), 4), Is.EqualTo(0.5).Within(1e-15));
    }

    [Test]
    public void AgainstUniform_SomeQueries_CountsTheFirstRowsOfEveryHeadOfEveryImage()
    {
        // Two images, two heads, two tokens: entropies of the first rows 1, 0, 1, 1; of the second rows all 0.
        AttentionShape shape = new(2, 2, 4, 2);
        float[] probs = [0.5f, 0.5f, 1, 0, 0, 1, 1, 0, 0.5f, 0.5f, 0, 1, 0.5f, 0.5f, 0, 1];

        Assert.That(AttentionEntropy.AgainstUniform(probs, shape, 1), Is.EqualTo(0.75).Within(1e-15));
        Assert.That(AttentionEntropy.AgainstUniform(probs, shape, 2), Is.EqualTo(0.375).Within(1e-15));
    }

    [Test]
    public void AgainstUniform_OneToken_IsNull()
        => Assert.That(AttentionEntropy.AgainstUniform([1, 1], new AttentionShape(2, 1, 4, 1), 1), Is.Null);

    [Test]
    public void AgainstUniform_SizesThatDoNotFit_AreRefused()
    {
        Assert.That(
            () => AttentionEntropy.AgainstUniform([1, 0, 0], TwoTokens, 1), Throws.ArgumentException.With.Message.Contains("has 4"));
        Assert.That(() => AttentionEntropy.AgainstUniform([1, 0, 0, 1], TwoTokens, 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => AttentionEntropy.AgainstUniform([1, 0, 0, 1], TwoTokens, 3), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void AttentionProbs_OfAnUntrainedModel_AreNearlyUniform(
        [Values("Latent", "Spatial", "Pool")] string attention, [Values(4, 8, 28, 40)] int side, [Values(1, 3)] int batch)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        AttentionKind kind = Enum.Parse<AttentionKind>(attention);
        TrainingSettings settings = new() { BatchSize = 3, Latent = 16, Attention = kind, Stages = side == 40 ? 3 : 2 };
        using SomAttnModel model = new(backend, settings, new ImageShape(side, 1));
        model.Initialize();
        using DeviceBuffer<float> images = backend.Allocate<float>(batch * side * side);
        Draw.FillUniform(images.View, 0);

        model.Encode(images.View, batch);
        AttentionProbs probs = model.AttentionProbs!.Value;

        int innerSide = side == 40 ? 5 : side / 4; // three stages, or two
        int positions = innerSide * innerSide;
        (int tokens, int queries) = attention switch { "Latent" => (8, 8), "Spatial" => (positions, positions), _ => (8 + positions, 8) };
        Assert.That((probs.Shape.Batch, probs.Shape.Heads, probs.Shape.Tokens, probs.Queries), Is.EqualTo((batch, 4, tokens, queries)));
        float[] values = probs.Values.ToArray();
        Assert.That(values.Chunk(tokens).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-5));

        // Initial scores are well below 1 in magnitude, so attention is nearly uniform; over one position it has no entropy.
        double? entropy = AttentionEntropy.AgainstUniform(values, probs.Shape, probs.Queries);
        Assert.That(entropy, tokens == 1 ? Is.Null : Is.InRange(0.9, 1));
    }

    [TestCase(AttentionKind.Spatial, 64, 224)]
    [TestCase(AttentionKind.Pool, 64, 224)]
    [TestCase(AttentionKind.Spatial, 1, 612)]
    public void Constructor_ProbabilitiesBeyondABuffer_NamesAttentionAndSide(AttentionKind attention, int batch, int side)
    {
        using Backend<float> backend = AllBackends.Create("reference");
        TrainingSettings settings = new() { Attention = attention, BatchSize = batch, Stages = 2 };

        Assert.That(
            () => new SomAttnModel(backend, settings, new ImageShape(side, 1)),
            Throws.TypeOf<SettingException>().With.Message.StartsWith($"attention {attention.ToString().ToLowerInvariant()} ")
                .And.Message.Contains($"{side} x {side} pixels").And.Message.Contains($"batch_size {batch}"));
    }
}
