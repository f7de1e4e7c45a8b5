using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Gathering of images and rows by index.</summary>
public sealed class GatherTests
{
    private static IEnumerable<TestCaseData> Sizes =>
        AllBackends.Each(new RowsShape(1, 1), new RowsShape(64, 784), new RowsShape(32, 33), new RowsShape(3, 1025));

    [TestCaseSource(nameof(Sizes))]
    public void GatherImages_AnyOrder_ScalesBytesToOne(RowsShape shape, string accelerator)
    {
        const int Images = 7;
        byte[] images = [.. Draw.Indices(Images * shape.Length, 256, 1).Select(number => (byte)number)];
        images[0] = byte.MaxValue;
        int[] indices = Draw.Indices(shape.Rows, Images, 2);
        indices[0] = 0;
        indices[^1] = shape.Rows > 1 ? Images - 1 : 0;
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> output = scratch.Zeros<float>(shape.TotalLength);

        backend.GatherImages(scratch.Of<byte>(images), scratch.Of<int>(indices), shape.Length, output);

        double[] expected =
        [
            .. indices.SelectMany(index => images.AsSpan(index * shape.Length, shape.Length).ToArray()).Select(pixel => pixel / 255.0),
        ];
        Compare.Close("output", output, expected, Tolerance.Elementwise);
        Assert.That(output.ToArray(), Is.All.InRange(0f, 1f));
        Assert.That(output.ToArray()[0], Is.EqualTo(1f), "White is one, exactly.");
    }

    [TestCaseSource(nameof(Sizes))]
    public void GatherRows_AnyOrder_CopiesTheBits(RowsShape shape, string accelerator)
    {
        const int Rows = 9;
        float[] rows = Draw.Normal(Rows * shape.Length, 1);
        int[] indices = Draw.Indices(shape.Rows, Rows, 2);
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> output = scratch.Zeros<float>(shape.TotalLength);

        backend.GatherRows(scratch.Of<float>(rows), scratch.Of<int>(indices), shape, output);

        float[] expected = [.. indices.SelectMany(index => rows.AsSpan(index * shape.Length, shape.Length).ToArray())];
        Compare.SameBits("output", output.ToArray(), expected);
    }
}
