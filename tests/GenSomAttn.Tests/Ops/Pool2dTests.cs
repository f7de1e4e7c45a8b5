using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Pooling and concatenation of channels, against plain loops in double.</summary>
public sealed class Pool2dTests
{
    private static readonly Pool2dShape[] Shapes =
    [
        new(2, 7, 9, 33, 3, 2, 0), new(2, 5, 4, 17, 3, 1, 1), new(3, 4, 4, 5, 4, 1, 0), new(1, 1, 1, 1, 1, 1, 0), new(2, 6, 5, 3, 2, 3, 1),
    ];

    private static IEnumerable<TestCaseData> Cases => AllBackends.Each(
        Shapes.SelectMany(shape => Enum.GetValues<Pooling>().Select(pooling => (shape, pooling))).ToArray());

    private static IEnumerable<TestCaseData> Columns => AllBackends.Each(
        new ColumnsShape(3, 5, 2, 8), new ColumnsShape(300, 33, 0, 40), new ColumnsShape(1, 1, 0, 1));

    [TestCaseSource(nameof(Cases))]
    public void Pool2dForward_AwkwardSizes_LeavesThePaddingOut((Pool2dShape Shape, Pooling Pooling) of, string accelerator)
    {
        (Pool2dShape shape, Pooling pooling) = of;

        // All values are negative: a padding of zeros would win every maximum at the border.
        float[] input = [.. Draw.Normal(shape.InputLength, 1).Select(value => -1 - Math.Abs(value))];
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> output = scratch.Zeros<float>(shape.OutputLength);

        backend.Pool2dForward(scratch.Of<float>(input), shape, pooling, output);

        Compare.Close("output", output, Expected(input, shape, pooling), Tolerance.OfSum(shape.Kernel * shape.Kernel));
    }

    [TestCaseSource(nameof(Columns))]
    public void CopyIntoColumns_SomeColumns_KeepsTheOthers(ColumnsShape shape, string accelerator)
    {
        float[] part = Draw.Normal(shape.PartLength, 1), whole = Draw.Normal(shape.WholeLength, 2);
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> changed = scratch.Of<float>(whole);

        backend.CopyIntoColumns(scratch.Of<float>(part), shape, changed);

        float[] expected = [.. whole];
        for (int row = 0; row < shape.Rows; row++)
        {
            for (int j = 0; j < shape.Columns; j++)
            {
                expected[(row * shape.Width) + shape.First + j] = part[(row * shape.Columns) + j];
            }
        }

        Compare.SameBits("whole", changed.ToArray(), expected);
    }

    private static double[] Expected(float[] input, Pool2dShape shape, Pooling pooling)
    {
        List<double> expected = [];
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int oh = 0; oh < shape.OutHeight; oh++)
            {
                for (int ow = 0; ow < shape.OutWidth; ow++)
                {
                    for (int c = 0; c < shape.Channels; c++)
                    {
                        IEnumerable<double> window =
                            from kh in Enumerable.Range((oh * shape.Stride) - shape.Padding, shape.Kernel)
                            from kw in Enumerable.Range((ow * shape.Stride) - shape.Padding, shape.Kernel)
                            where kh >= 0 && kh < shape.InHeight && kw >= 0 && kw < shape.InWidth
                            select (double)input[(((((n * shape.InHeight) + kh) * shape.InWidth) + kw) * shape.Channels) + c];
                        expected.Add(pooling == Pooling.Max ? window.Max() : window.Average());
                    }
                }
            }
        }

        return [.. expected];
    }
}
