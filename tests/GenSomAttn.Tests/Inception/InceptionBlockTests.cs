using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Formats;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Inception;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Inception;

/// <summary>Each kind of block of the Inception network against plain loops in double, with random weights.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InceptionBlockTests
{
    private const int InChannels = 12, Batch = 2;

    /// <summary>
    /// Error relative to the largest value of a block: sums of up to 3,456 floats in up to five layers round to about 1e-6 of it.
    /// </summary>
    private const double Tolerance = 1e-5;

    private static IEnumerable<Block> Blocks =>
    [
        new("A", 5, InceptionPlan.BlockA("b", 32), (reference, x) => reference.BlockA(x, "b", 32)),
        new("B", 7, InceptionPlan.BlockB("b"), (reference, x) => reference.BlockB(x, "b")),
        new("C", 5, InceptionPlan.BlockC("b", 128), (reference, x) => reference.BlockC(x, "b", 128)),
        new("D", 5, InceptionPlan.BlockD("b"), (reference, x) => reference.BlockD(x, "b")),
        new("E, mean", 3, InceptionPlan.BlockE("b", Pooling.Average), (reference, x) => reference.BlockE(x, "b", poolsByMax: false)),
        new("E, maximum", 3, InceptionPlan.BlockE("b", Pooling.Max), (reference, x) => reference.BlockE(x, "b", poolsByMax: true)),
    ];

    [TestCaseSource(nameof(Blocks))]
    public void Run_RandomWeights_MatchesPlainLoopsInDouble(Block block)
    {
        Assert.That(WorstDifference(block, new ReferenceInception()), Is.LessThan(Tolerance));
    }

    [Test]
    public void Run_AgainstPoolingThatCountsThePadding_Differs()
    {
        // torchvision's network, which is another: the comparison above must see such a difference.
        Block block = Blocks.First();

        Assert.That(WorstDifference(block, new ReferenceInception { CountsPadding = true }), Is.GreaterThan(100 * Tolerance));
    }

    /// <summary>Runs a block both ways; returns the largest difference, relative to the largest value.</summary>
    private static double WorstDifference(Block block, ReferenceInception reference)
    {
        var size = new FeatureMap(block.Side, block.Side + 1, InChannels);
        float[] input = [.. Draw.Normal(Batch * size.Length, 1000).Select(Math.Abs)];
        Planes first = block.Expected(reference, ImageOf(input, size, 0));
        double[] expected = [.. first.Values, .. SecondOf(block, reference, ImageOf(input, size, 1))];

        using Backend<float> backend = AllBackends.Create("cpu");
        using var memory = new DeviceMemory(backend);
        var file = SafetensorsFile.Parse(SafetensorsFile.ToBytes(new Dictionary<string, string>(), reference.Tensors));
        var tensors = new InceptionTensors("weights", file, "");
        InceptionPart part = new InceptionBuilder(memory, tensors).Build(block.Plan, size);
        tensors.CheckNothingLeft();
        DeviceView<float> onDevice = memory.Take<float>(input.Length), output = memory.Take<float>(Batch * part.Output.Length);
        onDevice.CopyFrom(input);
        part.Run(backend, Batch, onDevice, memory.Take<float>(Batch * part.Scratch), output);

        Assert.That((part.Output.Height, part.Output.Width, part.Output.Channels), Is.EqualTo((first.Height, first.Width, first.Channels)));
        double largest = expected.Max();
        return output.ToArray().Zip(expected, (got, wanted) => Math.Abs(got - wanted)).Max() / largest;
    }

    private static double[] SecondOf(Block block, ReferenceInception reference, Planes image)
    {
        var again = new ReferenceInception { CountsPadding = reference.CountsPadding };
        return block.Expected(again, image).Values;
    }

    private static Planes ImageOf(float[] input, FeatureMap size, int n) => new(
        size.Height, size.Width, size.Channels, Compare.Widened(input.AsSpan(n * size.Length, size.Length)));

    /// <summary>A kind of block.</summary>
    public sealed class Block
    {
        private readonly string _name;

        internal Block(string name, int side, InceptionPlan plan, Func<ReferenceInception, Planes, Planes> expected)
        {
            (_name, Side, Plan, Expected) = (name, side, plan, expected);
        }

        internal int Side { get; }

        internal InceptionPlan Plan { get; }

        internal Func<ReferenceInception, Planes, Planes> Expected { get; }

        /// <inheritdoc/>
        public override string ToString() => _name;
    }
}
