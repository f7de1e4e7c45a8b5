using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using NUnit.Framework;

namespace GenSomAttn.Tests.Goldens;

/// <summary>The map: its search and both its updates.</summary>
internal static class SomGoldens
{
    public static void BestMatchingUnit(GoldenCase golden)
    {
        SomShape shape = ShapeOf(golden);
        (int[] bmu, int[] second, float[] squaredDistances) = Search(golden, shape);

        Assert.That(bmu, Is.EqualTo(golden.Ints("bmu")));
        Assert.That(second, Is.EqualTo(golden.Ints("second")));
        float[] toWinner = [.. squaredDistances.Where((_, index) => index % 2 == 0)];
        golden.Close(
            "squared_distance", golden.Scratch.Of<float>(toWinner),
            new Tolerance(0, 5e-6, "a float sum of squares of exact differences, which all have one sign"));
    }

    public static void SomUpdate(GoldenCase golden)
    {
        SomShape shape = ShapeOf(golden);
        DeviceView<float> rates = golden.Scratch.Of<float>([(float)golden.Double("learning_rate"), (float)golden.Double("sigma")]);
        DeviceView<float> input = golden.Load("input");

        DeviceView<float> online = golden.Load("codebook");
        golden.Backend.SomUpdateOnline(input, shape, rates, online);
        DeviceView<float> batch = golden.Load("codebook");
        DeviceView<int> bmu = golden.Scratch.Of<int>(Search(golden, shape).Bmu);
        golden.Backend.SomUpdateBatch(
            input, bmu, shape, rates, golden.Zeros(shape.BatchWorkspaceLength), batch);

        golden.Close("codebook_online", online, Tolerance.OfSum(shape.Samples));
        golden.Close("codebook_batch", batch, Tolerance.OfSum(shape.Samples));
    }

    private static SomShape ShapeOf(GoldenCase golden)
    {
        int[] input = golden.Shape("input");
        return new SomShape(input[0], golden.Int("map_height"), golden.Int("map_width"), input[1]);
    }

    private static (int[] Bmu, int[] Second, float[] SquaredDistances) Search(GoldenCase golden, SomShape shape)
    {
        DeviceView<int> bmu = golden.Scratch.Zeros<int>(shape.Samples);
        DeviceView<int> second = golden.Scratch.Zeros<int>(shape.Samples);
        DeviceView<float> squaredDistances = golden.Zeros(2 * shape.Samples);
        golden.Backend.BestMatchingUnits(golden.Load("input"), golden.Load("codebook"), shape, bmu, second, squaredDistances);
        return (bmu.ToArray(), second.ToArray(), squaredDistances.ToArray());
    }
}
