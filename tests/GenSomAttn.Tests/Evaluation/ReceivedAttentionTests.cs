using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Metrics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Attention that tokens receive, of hand-made probabilities.</summary>
public sealed class ReceivedAttentionTests
{
    private static readonly float[] TwoImages =
    [
        1, 0, 0.5f, 0.5f, // the first image, one head
        0, 1, 0.25f, 0.75f,
    ];

    [Test]
    public void OfQueries_TwoImages_IsTheirMean()
    {
        AttentionShape shape = new(2, 2, 4, 1);

        Assert.That(ReceivedAttention.OfQueries(TwoImages, shape, 2), Is.EqualTo((double[])[0.5, 0.5, 0.375, 0.625]));
        Assert.That(ReceivedAttention.OfQueries(TwoImages, shape, 1), Is.EqualTo((double[])[0.5, 0.5]));
    }

    [Test]
    public void OfQueries_TwoHeads_IsTheirMean()
        => Assert.That(ReceivedAttention.OfQueries(TwoImages, new(1, 2, 4, 2), 2), Is.EqualTo((double[])[0.5, 0.5, 0.375, 0.625]));

    [Test]
    public void OfLastTokens_AllTokens_AveragesOneForEachImage()
        => Assert.That(
            ReceivedAttention.OfLastTokens(TwoImages, new(2, 2, 4, 1), 2, 2), Is.EqualTo((double[])[1.5, 0.5, 0.25, 1.75]).Within(1e-15));

    [Test]
    public void OfLastTokens_SomeTokensAndQueries_LeavesTheOthersOut()
    {
        // One image, two heads, three tokens of which only the first is a query; the rows of the others must not count.
        float[] probs = [0.5f, 0.25f, 0.25f, 9, 9, 9, 9, 9, 9, 0, 0.25f, 0.75f, 9, 9, 9, 9, 9, 9];

        double[] received = ReceivedAttention.OfLastTokens(probs, new(1, 3, 4, 2), queries: 1, last: 2);

        // 0.5 and 1 of a sum of 1.5, relative to 0.75 each.
        Assert.That(received, Is.EqualTo((double[])[0.5 / 0.75, 1 / 0.75]).Within(1e-15));
    }
}
