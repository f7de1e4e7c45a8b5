using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Simd;

// ReLU and sigmoid.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void ActivationForwardCore(Activation activation, DeviceView<float> input, DeviceView<float> output)
    {
        switch (activation)
        {
            case Activation.Relu:
                Elementwise<TVector>.Run(_pool, default(ReluFormula), input, input, output);
                break;
            case Activation.Sigmoid:
                Elementwise<TVector>.Run(_pool, default(SigmoidFormula), input, input, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <inheritdoc/>
    protected override void ActivationBackwardCore(
        Activation activation, DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        switch (activation)
        {
            case Activation.Relu:
                Elementwise<TVector>.Run(_pool, default(ReluGradientFormula), dOutput, output, dInput);
                break;
            case Activation.Sigmoid:
                Elementwise<TVector>.Run(_pool, default(SigmoidGradientFormula), dOutput, output, dInput);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    /// <summary>max(x, 0).</summary>
    private readonly struct ReluFormula : IFormula<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.Max(left, TVector.Zero);
    }

    /// <summary>dOutput where output > 0.</summary>
    private readonly struct ReluGradientFormula : IFormula<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.WherePositive(right, left);
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    private readonly struct SigmoidFormula : IFormula<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right)
        {
            var one = TVector.Splat(1);
            return one / (one + TVector.Exp(TVector.Zero - left));
        }
    }

    /// <summary>dOutput · output · (1 - output).</summary>
    private readonly struct SigmoidGradientFormula : IFormula<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => left * right * (TVector.Splat(1) - right);
    }
}
