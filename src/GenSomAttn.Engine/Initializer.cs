using GenSomAttn.Kernels;

namespace GenSomAttn.Engine;

/// <summary>Distribution of the initial elements of a parameter.</summary>
public readonly record struct Initializer
{
    private enum Kind
    {
        Constant,
        Uniform,
        Normal,
    }

    private Kind Distribution { get; init; }

    private float Scale { get; init; }

    /// <summary>Returns the constant distribution: every element is <paramref name="value"/>.</summary>
    public static Initializer Constant(float value) => new() { Distribution = Kind.Constant, Scale = value };

    /// <summary>Returns a normal distribution with mean 0.</summary>
    public static Initializer Normal(float standardDeviation) => new() { Distribution = Kind.Normal, Scale = standardDeviation };

    /// <summary>
    /// Returns the uniform distribution in ±1/√fanIn, which PyTorch uses for weights and biases of linear and convolutional layers.
    /// </summary>
    /// <remarks>
    /// PyTorch: weights by kaiming_uniform_(a = √5), whose bound is √(6 / ((1 + a²) fanIn)) = 1/√fanIn; biases by the same bound.
    /// </remarks>
    public static Initializer FanIn(int fanIn) => new() { Distribution = Kind.Uniform, Scale = (float)(1 / Math.Sqrt(fanIn)) };

    /// <summary>Draws all elements; each is a function of the key and its index alone.</summary>
    public void Fill(RandomKey key, Span<float> elements)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Distribution switch
            {
                Kind.Constant => Scale,
                Kind.Uniform => Scale * ((2 * Philox.Uniform(key, (uint)i)) - 1),
                _ => Scale * Philox.Normal(key, (uint)i),
            };
        }
    }
}
