using GenSomAttn.Backends;

namespace GenSomAttn.Engine;

/// <summary>
/// A tensor that the optimizer updates, with its gradient and Adam's moments: views into the flat buffers of a <see cref="ParameterSet"/>.
/// </summary>
public sealed class Parameter
{
    internal Parameter(string name, int index, ParameterLayout layout, Initializer initializer)
    {
        Name = name;
        Index = index;
        Layout = layout;
        Initializer = initializer;
    }

    /// <summary>Name in PyTorch's style, such as encoder.conv1.weight.</summary>
    public string Name { get; }

    /// <summary>Index in the order of declaration; selects the random stream of its initial values.</summary>
    public int Index { get; }

    /// <summary>Native and PyTorch dimensions.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Distribution of the initial values.</summary>
    public Initializer Initializer { get; }

    /// <summary>Number of elements.</summary>
    public int Length => Layout.Length;

    /// <summary>The values, in native order.</summary>
    public DeviceView<float> Value { get; internal set; }

    /// <summary>Gradient of the loss with respect to the values; backward passes add to it.</summary>
    public DeviceView<float> Gradient { get; internal set; }

    /// <summary>Adam's first moment: exponential moving average of the gradient.</summary>
    public DeviceView<float> FirstMoment { get; internal set; }

    /// <summary>Adam's second moment: exponential moving average of the squared gradient.</summary>
    public DeviceView<float> SecondMoment { get; internal set; }
}
