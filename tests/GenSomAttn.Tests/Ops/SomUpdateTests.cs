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
        new UpdateCase(new SomShape(90, 8, 9, 70), 0.2f, 0.3f),
        new UpdateCase(new SomShape(64, 12, 12, 32, MapLattice.Hexagon), 0.3f, 4),
        new UpdateCase(new SomShape(33, 5, 7, 33, MapLattice.Hexagon), 0.1f, 0.7f),
        new UpdateCase(new SomShape(31, 6, 5, 3, MapLattice.Hexagon, MapEdges.Torus), 0.2f, 1.1f),
        new UpdateCase(new SomShape(40, 7, 4, 9, MapLattice.Rectangle, MapEdges.Torus), 0.2f, 2),
        new UpdateCase(new SomShape(1, 1, 1, 1, MapLattice.Hexagon), 0.2f, 2),
        new UpdateCase(new SomShape(65, 1, 31, 17, MapLattice.Rectangle, MapEdges.Torus, NeighborhoodKind.Bubble), 0.1f, 1.2f),
        new UpdateCase(new SomShape(13, 9, 9, 5, MapLattice.Hexagon, MapEdges.Open, NeighborhoodKind.Bubble), 0.3f, 1.6f),
        new UpdateCase(new SomShape(32, 12, 12, 32, Neighborhood: NeighborhoodKind.Epanechnikov), 0.2f, 2.3f),
        new UpdateCase(new SomShape(32, 6, 6, 8, Neighborhood: NeighborhoodKind.MexicanHat), 0.2f, 2.3f));

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

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SomUpdateBatch_EachNeighborhood_HasItsValues(string accelerator)
    {
        // One unit hit by one sample of 1; those at 1 cell, √2 cells and 2 cells move by 1 - (1-η)^h. σ² = 2.
        const float RootTwo = 1.4142137f, Eta = 0.4f;
        (NeighborhoodKind Kind, double One, double Diagonal, double Two)[] cases =
        [
            (NeighborhoodKind.Gaussian, 0.778801, 0.606531, 0.367879), (NeighborhoodKind.Bubble, 1, 1, 0),
            (NeighborhoodKind.Epanechnikov, 0.5, 0, 0), (NeighborhoodKind.MexicanHat, 0.389400, 0, 0),
        ];
        foreach ((NeighborhoodKind kind, double one, double diagonal, double two) in cases)
        {
            UpdateCase update = new(new SomShape(1, 2, 3, 1, Neighborhood: kind), Eta, RootTwo);
            float[] got = Batch(accelerator, [1], [0], new float[6], update);

            static double Moved(double h) => 1 - Math.Pow(1 - Eta, h);
            double[] expected = [Eta, Moved(one), Moved(two), Moved(one), Moved(diagonal), got[5]];
            Assert.That(got, Is.EqualTo(expected).Within(1e-5), $"{kind}");
        }
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SomUpdateBatch_MexicanHatBeyondItsWidth_WeakensButNeverRepels(string accelerator)
    {
        // Unit 1 has a sample of its own, h = 1, and one of its neighbor, h = (1 - 4) exp(-2) = -0.406. a = 0.594, sum = 1 - 0.406 * 3.
        UpdateCase update = new(new SomShape(2, 1, 3, 1, Neighborhood: NeighborhoodKind.MexicanHat), 0.5f, 0.5f);
        float[] got = Batch(accelerator, [1, 3], [1, 0], [0, 0, 7], update);

        double h = -3 * Math.Exp(-2), a = 1 + h;
        Assert.That(got[1], Is.EqualTo((1 - Math.Pow(0.5, a)) * (1 + (3 * h)) / a).Within(1e-5));
        Assert.That(got[2], Is.EqualTo(7), "a unit that only the negative part reaches");
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SomUpdateBatch_Hexagon_MovesItsSixNeighborsAlike(string accelerator)
    {
        // Unit (1, 1) of 3 x 3: neighbors (0, 1), (0, 2), (1, 0), (1, 2), (2, 1), (2, 2).
        UpdateCase update = new(new SomShape(1, 3, 3, 1, MapLattice.Hexagon, Neighborhood: NeighborhoodKind.Bubble), 0.5f, 1);
        float[] got = Batch(accelerator, [1], [4], new float[9], update);

        Assert.That(got, Is.EqualTo(new float[] { 0, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0, 0.5f, 0.5f }).Within(1e-6));
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
