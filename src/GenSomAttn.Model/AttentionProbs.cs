using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model;

/// <summary>Where the attention of the last encoded batch looked. It stays valid until the next call.</summary>
/// <param name="Values">(N, H, T, T): row t of a head is how much of each token's value query t takes; it sums up to 1.</param>
/// <param name="Shape">N images, H heads, T tokens.</param>
/// <param name="Queries">The first so many rows of each head are those whose outputs go on; nobody uses the others.</param>
public readonly record struct AttentionProbs(DeviceView<float> Values, AttentionShape Shape, int Queries)
{
    /// <summary>The same of the first images.</summary>
    public AttentionProbs First(int images)
    {
        AttentionShape shape = Shape with { Batch = images };
        return new AttentionProbs(Values.First(shape.ProbsLength), shape, Queries);
    }
}
