using GenSomAttn.Backends;
using GenSomAttn.Kernels;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Engine;

/// <summary>
/// All parameters of a model. Layers declare them; <see cref="Allocate"/> then allocates one flat buffer each for values, gradients
/// and Adam's two moments, so that one operation zeroes all gradients and one performs the optimizer's step.
/// </summary>
public sealed class ParameterSet
{
    /// <summary>Alignment of every parameter in elements: one cache line of floats, one vector of AVX-512.</summary>
    private const int Alignment = 16;

    private readonly List<Parameter> _parameters = [];

    /// <summary>The parameters in the order of their declaration.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Elements of all parameters, without the padding of the flat buffers.</summary>
    public int ElementCount { get; private set; }

    /// <summary>Values of all parameters; the padding between them is and stays zero.</summary>
    public DeviceView<float> Values { get; private set; }

    /// <summary>Gradients of all parameters.</summary>
    public DeviceView<float> Gradients { get; private set; }

    /// <summary>Adam's first moments: exponential moving averages of the gradients.</summary>
    public DeviceView<float> FirstMoments { get; private set; }

    /// <summary>Adam's second moments: exponential moving averages of the squared gradients.</summary>
    public DeviceView<float> SecondMoments { get; private set; }

    /// <summary>Declares a parameter; its views are valid after <see cref="Allocate"/>.</summary>
    /// <exception cref="InvalidOperationException">The set is allocated already, or has a parameter of that name.</exception>
    public Parameter Declare(string name, ParameterLayout layout, Initializer initializer)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (!Values.IsEmpty)
        {
            throw new InvalidOperationException($"Parameter {name} was declared after the set was allocated.");
        }

        if (_parameters.Exists(parameter => parameter.Name == name))
        {
            throw new InvalidOperationException($"Parameter {name} was declared twice.");
        }

        var parameter = new Parameter(name, _parameters.Count, layout, initializer);
        _parameters.Add(parameter);
        ElementCount += parameter.Length;
        return parameter;
    }

    /// <summary>Allocates the flat buffers and sets the views of the parameters. No parameter can be declared afterwards.</summary>
    public void Allocate(DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        int total = 0;
        foreach (Parameter parameter in _parameters)
        {
            total += RoundUp(parameter.Length, Alignment);
        }

        Values = memory.Take<float>(total);
        Gradients = memory.Take<float>(total);
        FirstMoments = memory.Take<float>(total);
        SecondMoments = memory.Take<float>(total);

        int offset = 0;
        foreach (Parameter parameter in _parameters)
        {
            parameter.Value = Values.Slice(offset, parameter.Length);
            parameter.Gradient = Gradients.Slice(offset, parameter.Length);
            parameter.FirstMoment = FirstMoments.Slice(offset, parameter.Length);
            parameter.SecondMoment = SecondMoments.Slice(offset, parameter.Length);
            offset += RoundUp(parameter.Length, Alignment);
        }
    }

    /// <summary>Draws the initial values on the host, so that they are the same on every backend.</summary>
    public void Initialize(ulong seed)
    {
        foreach (Parameter parameter in _parameters)
        {
            float[] values = new float[parameter.Length];
            parameter.Initializer.Fill(new RandomKey(seed, RandomPurpose.Initialization, (uint)parameter.Index), values);
            parameter.Value.CopyFrom(values);
        }
    }
}
