using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

// ReLU and sigmoid.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    public void ReluForward(DeviceView<float> input, DeviceView<float> output)
    {
        OpChecks.ReluForward(input, output);
        Map(default(ReluFormula), input, input, output);
    }

    /// <inheritdoc/>
    public void ReluBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        OpChecks.ReluBackward(dOutput, output, dInput);
        Map(default(ReluGradientFormula), dOutput, output, dInput);
    }

    /// <inheritdoc/>
    public void SigmoidForward(DeviceView<float> input, DeviceView<float> output)
    {
        OpChecks.SigmoidForward(input, output);
        Map(default(SigmoidFormula), input, input, output);
    }

    /// <inheritdoc/>
    public void SigmoidBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        OpChecks.SigmoidBackward(dOutput, output, dInput);
        Map(default(SigmoidGradientFormula), dOutput, output, dInput);
    }

    /// <summary>max(x, 0).</summary>
    private readonly struct ReluFormula : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.Max(left, TVector.Zero);
    }

    /// <summary>dOutput where output > 0.</summary>
    private readonly struct ReluGradientFormula : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.WherePositive(right, left);
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    private readonly struct SigmoidFormula : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right)
        {
            var one = TVector.Splat(1);
            return one / (one + TVector.Exp(TVector.Zero - left));
        }
    }

    /// <summary>dOutput · output · (1 - output).</summary>
    private readonly struct SigmoidGradientFormula : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => left * right * (TVector.Splat(1) - right);
    }
}
