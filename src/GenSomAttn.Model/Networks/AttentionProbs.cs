using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Networks;

/// <summary>Attention probabilities of the last encoded batch; valid until the next call of Encode.</summary>
/// <param name="Values">(N, H, T, T): row t of a head holds the weights of all tokens' values for query t; its sum is 1.</param>
/// <param name="Shape">N images, H heads, T tokens.</param>
/// <param name="Queries">Number of leading rows of each head whose outputs the model uses; the other rows have no effect.</param>
public readonly record struct AttentionProbs(DeviceView<float> Values, AttentionShape Shape, int Queries)
{
    /// <summary>Returns the probabilities of the first images.</summary>
    public AttentionProbs First(int images)
    {
        AttentionShape shape = Shape with { Batch = images };
        return new AttentionProbs(Values.First(shape.ProbsLength), shape, Queries);
    }
}
