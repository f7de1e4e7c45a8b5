using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>The activation functions y = f(x). The derivative of each is a function of y.</summary>
public enum Activation
{
    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,
}

/// <summary>An activation as the kernels compute it.</summary>
public interface IActivation
{
    /// <summary>y = f(x).</summary>
    float Forward(float x);

    /// <summary>dx = dy · f'(x), from y.</summary>
    float Backward(float dy, float y);
}

/// <summary><see cref="Activation.Relu"/>.</summary>
public readonly struct Relu : IActivation
{
    /// <inheritdoc/>
    public float Forward(float x) => x < 0 ? 0 : x;

    /// <inheritdoc/>
    public float Backward(float dy, float y) => y > 0 ? dy : 0;
}

/// <summary><see cref="Activation.Sigmoid"/>.</summary>
public readonly struct Sigmoid : IActivation
{
    /// <inheritdoc/>
    public float Forward(float x) => 1 / (1 + DeviceMath.Exp(-x));

    /// <inheritdoc/>
    public float Backward(float dy, float y) => dy * y * (1 - y);
}

/// <summary>Kernels of activations. One thread computes one element.</summary>
public static class ActivationKernels
{
    private static readonly Action<ArrayView<float>, ArrayView<float>>[] Forwards = [Forward<Relu>, Forward<Sigmoid>];
    private static readonly Action<ArrayView<float>, ArrayView<float>, ArrayView<float>>[] Backwards = [Backward<Relu>, Backward<Sigmoid>];

    /// <summary>Every kernel that is launched, as it is compiled.</summary>
    public static IReadOnlyList<Delegate> Instances { get; } = [.. Forwards, .. Backwards];

    /// <summary>The kernel of an activation.</summary>
    public static Action<ArrayView<float>, ArrayView<float>> ForwardOf(Activation activation) => Forwards[(int)activation];

    /// <summary>The kernel of its gradient.</summary>
    public static Action<ArrayView<float>, ArrayView<float>, ArrayView<float>> BackwardOf(Activation activation) =>
        Backwards[(int)activation];

    /// <summary>output[i] = f(input[i]).</summary>
    public static void Forward<TActivation>(ArrayView<float> input, ArrayView<float> output)
        where TActivation : struct, IActivation
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            output[i] = default(TActivation).Forward(input[i]);
        }
    }

    /// <summary>dInput[i] = dOutput[i] · f', from output[i].</summary>
    public static void Backward<TActivation>(ArrayView<float> dOutput, ArrayView<float> output, ArrayView<float> dInput)
        where TActivation : struct, IActivation
    {
        int i = Grid.GlobalIndex.X;
        if (i < dInput.IntLength)
        {
            dInput[i] = default(TActivation).Backward(dOutput[i], output[i]);
        }
    }
}
