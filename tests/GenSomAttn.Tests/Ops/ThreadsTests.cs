using System.Diagnostics;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>The cpu backend gives the same bits at one thread and at two, at sizes large enough to be parallelized.</summary>
public sealed class ThreadsTests
{
    private static readonly SomShape Map = new(64, 12, 12, 32);

    private static IEnumerable<GradientCase> Cases =>
    [
        new Conv2dCase(new Conv2dShape(64, 28, 28, 1, 32, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(64, 14, 14, 32, 64, 3, 3, 2, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(64, 7, 7, 64, 32, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(64, 14, 14, 32, 1, 4, 4, 2, 1, 0)),
        new LinearCase(new LinearShape(64, 3136, 32)),
        new LinearCase(new LinearShape(64, 32, 3136)),
        new LinearCase(new LinearShape(1025, 33, 65)),
        new LinearCase(new LinearShape(1, 3136, 32)),
        new LinearCase(new LinearShape(1, 32, 3136)),
        new LayerNormCase(new RowsShape(4096, 32)),
        new SoftmaxCase(new RowsShape(4096, 33)),
        new AttentionCase(new AttentionShape(512, 8, 32, 4)),
        .. Enum.GetValues<Activation>().Select(activation => new ActivationCase(activation, 400_001)),
        new BiasCase(new RowsShape(12_544, 32)),
        new BiasCase(new RowsShape(50_176, 1)),
        new MseCase(400_001),
        new GaussianKlCase(new RowsShape(4096, 33)),
        new SoftmaxCrossEntropyCase(new RowsShape(4096, 10)),
        new GaussianSampleCase(400_001),
        .. GradientChecks.Cases,
    ];

    private static IEnumerable<TestCaseData> OtherOperations
    {
        get
        {
            yield return Named("Add", scratch =>
            {
                DeviceView<float> sum = scratch.Of<float>(Draw.Normal(400_001, 1));
                scratch.Backend.Add(sum, scratch.Of<float>(Draw.Normal(400_001, 2)), sum);
                return sum;
            });
            yield return Named("AdamStep", scratch =>
            {
                DeviceView<float> parameter = scratch.Of<float>(Draw.Normal(400_001, 1));
                scratch.Backend.AdamStep(
                    scratch.Of<float>(Draw.Normal(400_001, 2)), new AdamSettings(0.9, 0.999, 1e-8), scratch.Of<float>([1e-2f, 1000]),
                    parameter,
                    scratch.Zeros<float>(400_001), scratch.Zeros<float>(400_001));
                return parameter;
            });
            yield return Named("GatherImages", scratch =>
            {
                DeviceView<float> output = scratch.Zeros<float>(64 * 784);
                byte[] images = [.. Draw.Indices(100 * 784, 256, 1).Select(number => (byte)number)];
                scratch.Backend.GatherImages(scratch.Of<byte>(images), scratch.Of<int>(Draw.Indices(64, 100, 2)), 784, output);
                return output;
            });
            yield return Named("RandomNormal", scratch =>
            {
                DeviceView<float> output = scratch.Zeros<float>(100_001);
                scratch.Backend.RandomNormal(new RandomKey(7, RandomPurpose.Check, 0), output);
                return output;
            });
            yield return Named("BestMatchingUnits", scratch =>
            {
                DeviceView<float> squaredDistances = scratch.Zeros<float>(2 * Map.Samples);
                Search(scratch, squaredDistances);
                return squaredDistances;
            });
            yield return Named("SomUpdateBatch", scratch =>
            {
                DeviceView<float> codebook = Codebook(scratch);
                DeviceView<int> bmu = Search(scratch, scratch.Zeros<float>(2 * Map.Samples));
                scratch.Backend.SomUpdateBatch(
                    Samples(scratch), bmu, Map, scratch.Of<float>([0.3f, 4]), scratch.Zeros<float>(Map.BatchWorkspaceLength), codebook);
                return codebook;
            });
            yield return Named("SomUpdateBatch, many samples", scratch =>
            {
                SomShape shape = new(3000, 7, 9, 40);
                DeviceView<float> codebook = scratch.Of<float>(Draw.Normal(shape.CodebookLength, 1));
                DeviceView<float> samples = scratch.Of<float>(Draw.Normal(shape.InputLength, 2));
                DeviceView<int> bmu = scratch.Of<int>(Draw.Indices(shape.Samples, shape.Units, 3));
                scratch.Backend.SomUpdateBatch(
                    samples, bmu, shape, scratch.Of<float>([0.01f, 1.5f]), scratch.Zeros<float>(shape.BatchWorkspaceLength), codebook);
                return codebook;
            });
            yield return Named("SomUpdateOnline", scratch =>
            {
                DeviceView<float> codebook = Codebook(scratch);
                scratch.Backend.SomUpdateOnline(Samples(scratch), Map, scratch.Of<float>([0.3f, 4]), codebook);
                return codebook;
            });
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void DifferentiableOperation_OneAndTwoThreads_SameBits(GradientCase gradientCase)
    {
        float[][] one = Gradients(gradientCase, threads: 1);
        float[][] two = Gradients(gradientCase, threads: 2);
        for (int i = 0; i < one.Length; i++)
        {
            Compare.SameBits($"tensor {i}", two[i], one[i]);
        }
    }

    [TestCaseSource(nameof(OtherOperations))]
    public void OtherOperation_OneAndTwoThreads_SameBits(Func<ScratchBuffers<float>, DeviceView<float>> run)
    {
        float[] Run(int threads)
        {
            using Backend<float> backend = BackendFactory.Create("cpu", threads);
            using ScratchBuffers<float> scratch = new(backend);
            return run(scratch).ToArray();
        }

        Compare.SameBits("result", Run(2), Run(1));
    }

    /// <summary>
    /// Thousands of jobs of two to eight items: back to back, while threads spin; after a pause, when they sleep; and in between, when they
    /// are about to. Each adds 1 to every element, so that an item executed twice or never shows at the end.
    /// </summary>
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(8)]
    public void ManySmallJobs_WhateverTheirThreadsDoMeanwhile_DoEveryItemOnce(int threads)
    {
        const int Jobs = 4000;
        const int ElementsPerItem = 8192;
        using Backend<float> backend = BackendFactory.Create("cpu", threads);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> sum = scratch.Zeros<float>(8 * ElementsPerItem);
        DeviceView<float> ones = scratch.Of<float>([.. Enumerable.Repeat(1f, sum.Length)]);
        int[] expected = new int[8];
        for (int job = 0; job < Jobs; job++)
        {
            int items = 2 + (job % 7);
            DeviceView<float> part = sum.First(items * ElementsPerItem);
            backend.Add(part, ones.First(part.Length), part);
            for (int item = 0; item < items; item++)
            {
                expected[item]++;
            }

            PauseBefore(job);
        }

        float[] got = sum.ToArray();
        Assert.That(Enumerable.Range(0, got.Length).Where(i => got[i] != expected[i / ElementsPerItem]), Is.Empty);
    }

    /// <summary>Pauses: none, a millisecond of sleep, or up to 0.5 ms of spinning.</summary>
    private static void PauseBefore(int job)
    {
        if (job % 64 == 0)
        {
            Thread.Sleep(1);
        }
        else if (job % 8 == 0)
        {
            long began = Stopwatch.GetTimestamp();
            TimeSpan pause = TimeSpan.FromMicroseconds(job % 512);
            while (Stopwatch.GetElapsedTime(began) < pause)
            {
                Thread.SpinWait(1);
            }
        }
    }

    private static TestCaseData Named(string operation, Func<ScratchBuffers<float>, DeviceView<float>> run)
        => new TestCaseData(run).SetArgDisplayNames(operation);

    /// <summary>Computes the output and all gradients.</summary>
    private static float[][] Gradients(GradientCase gradientCase, int threads)
    {
        using Backend<float> backend = BackendFactory.Create("cpu", threads);
        using ScratchBuffers<float> scratch = new(backend);
        OpRun run = new(gradientCase, scratch);
        run.Forward();
        run.Backward();
        return [run.Output.ToArray(), .. run.DInputs.Select(dInput => dInput.ToArray())];
    }

    private static DeviceView<float> Samples(ScratchBuffers<float> scratch) => scratch.Of<float>(Draw.Normal(Map.InputLength, 1));

    private static DeviceView<float> Codebook(ScratchBuffers<float> scratch) => scratch.Of<float>(Draw.Normal(Map.CodebookLength, 2));

    private static DeviceView<int> Search(ScratchBuffers<float> scratch, DeviceView<float> squaredDistances)
    {
        DeviceView<int> bmu = scratch.Zeros<int>(Map.Samples);
        scratch.Backend.BestMatchingUnits(
            Samples(scratch), Codebook(scratch), Map, bmu, scratch.Zeros<int>(Map.Samples), squaredDistances);
        return bmu;
    }
}
