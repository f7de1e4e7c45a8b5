using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Both updates of the codebook.</summary>
public sealed class SomUpdateTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each(
        new UpdateCase(new SomShape(64, 12, 12, 32), 0.3f, 4),
        new UpdateCase(new SomShape(32, 12, 12, 32), 0.01f, 0.6f),
        new UpdateCase(new SomShape(1, 5, 9, 7), 0.999f, 0.5f),
        new UpdateCase(new SomShape(33, 1, 1, 3), 0.5f, 1),
        new UpdateCase(new SomShape(33, 33, 1, 65), 0.1f, 100),
        new UpdateCase(new SomShape(7, 17, 20, 33), 0.3f, 3),
        new UpdateCase(new SomShape(2000, 2, 9, 47), 0.02f, 0.7f),
        new UpdateCase(new SomShape(700, 1, 700, 1), 0.3f, 2),
        new UpdateCase(new SomShape(5, 40, 31, 20), 0.4f, 1),
        new UpdateCase(new SomShape(90, 8, 9, 70), 0.2f, 0.3f));

    [TestCaseSource(nameof(Cases))]
    public void SomUpdateBatch_RandomSamples_MatchesReference(UpdateCase update, string accelerator)
    {
        (float[] input, float[] codebook) = update.Draw();
        int[] bmu = Draw.Indices(update.Shape.Samples, update.Shape.Units, 3);
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> wide = new(reference);
        DeviceView<double> expected = wide.Of<double>(Compare.Widened(codebook));
        reference.SomUpdateBatch(
            wide.Of<double>(Compare.Widened(input)), wide.Of<int>(bmu), update.Shape, wide.Rounded([update.LearningRate, update.Sigma]),
            wide.Zeros<double>(update.Shape.BatchWorkspaceLength), expected);

        Compare.Close(
            "codebook", Batch(accelerator, input, bmu, codebook, update), expected.ToArray(), Tolerance.OfSum(update.Shape.Samples));
    }

    [TestCaseSource(nameof(Cases))]
    public void SomUpdateOnline_RandomSamples_MatchesReference(UpdateCase update, string accelerator)
    {
        (float[] input, float[] codebook) = update.Draw();
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> wide = new(reference);
        DeviceView<double> expected = wide.Of<double>(Compare.Widened(codebook));
        reference.SomUpdateOnline(
            wide.Of<double>(Compare.Widened(input)), update.Shape, wide.Rounded([update.LearningRate, update.Sigma]), expected);
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> got = scratch.Of<float>(codebook);

        backend.SomUpdateOnline(scratch.Of<float>(input), update.Shape, scratch.Of<float>([update.LearningRate, update.Sigma]), got);

        Compare.Close("codebook", got, expected.ToArray(), Tolerance.OfSum(update.Shape.Samples));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SomUpdateBatch_NarrowNeighborhood_LeavesUnitsWithoutSamples(string accelerator)
    {
        // At a distance of one cell exp(-1 / 2σ²) = exp(-5000) is zero in float.
        UpdateCase update = new(new SomShape(3, 1, 4, 1), 0.5f, 0.01f);
        float[] got = Batch(accelerator, [1, 3, 5], [2, 2, 0], [7, 8, 9, float.NaN], update);

        // Unit 2 has two samples of mean 2 and moves 1 - 0.5² of the way; unit 0 has one and moves half of it.
        float[] expected = [6, 8, 9 + (0.75f * (2 - 9)), float.NaN];
        Assert.That(got, Is.EqualTo(expected).Within(1e-6f));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SomUpdateBatch_FullRate_MovesWinnersOntoTheirMean(string accelerator)
    {
        UpdateCase update = new(new SomShape(2, 1, 2, 2), 1, 0.01f);
        float[] got = Batch(accelerator, [1, 2, 3, 6], [1, 1], [5, 5, 5, 5], update);

        float[] expected = [5, 5, 2, 4];
        Assert.That(got, Is.EqualTo(expected));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SomUpdateBatch_CrowdedUnit_StopsAtFiftySamples(string accelerator)
    {
        UpdateCase update = new(new SomShape(400, 1, 1, 1), 0.01f, 1);
        float[] got = Batch(accelerator, [.. Enumerable.Repeat(1f, 400)], new int[400], [0], update);

        Assert.That(got[0], Is.EqualTo(1 - Math.Pow(0.99, 50)).Within(1e-5));
    }

    private static float[] Batch(string accelerator, float[] input, int[] bmu, float[] codebook, UpdateCase update)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> got = scratch.Of<float>(codebook);

        // The workspace's old content must not matter.
        DeviceView<float> workspace = scratch.Of<float>([.. Enumerable.Repeat(float.NaN, update.Shape.BatchWorkspaceLength)]);
        backend.SomUpdateBatch(
            scratch.Of<float>(input), scratch.Of<int>(bmu), update.Shape, scratch.Of<float>([update.LearningRate, update.Sigma]), workspace,
            got);
        return got.ToArray();
    }

    public sealed record UpdateCase(SomShape Shape, float LearningRate, float Sigma) : ISizedCase
    {
        long ISizedCase.Elements => (long)Shape.Samples * Shape.Units;

        internal (float[] Input, float[] Codebook) Draw()
            => (Support.Draw.Normal(Shape.InputLength, 1), Support.Draw.Normal(Shape.CodebookLength, 2));
    }
}
