namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IActivationOps.ReluForward"/>
    public static void ReluForward(ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            // A not-a-number stays one: a network that has gone wrong must not look healthy again.
            output[i] = T.Max(input[i], T.Zero);
        }
    }

    /// <inheritdoc cref="IActivationOps.ReluBackward"/>
    public static void ReluBackward(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> output, Span<T> dInput)
    {
        for (int i = 0; i < dOutput.Length; i++)
        {
            // forward: output[i] = max(input[i], 0)
            dInput[i] = output[i] > T.Zero ? dOutput[i] : T.Zero;
        }
    }

    /// <inheritdoc cref="IActivationOps.SigmoidForward"/>
    public static void SigmoidForward(ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = T.One / (T.One + T.Exp(-input[i]));
        }
    }

    /// <inheritdoc cref="IActivationOps.SigmoidBackward"/>
    public static void SigmoidBackward(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> output, Span<T> dInput)
    {
        for (int i = 0; i < dOutput.Length; i++)
        {
            // forward: output[i] = 1 / (1 + exp(-input[i])), whose derivative is output[i] · (1 - output[i])
            dInput[i] = dOutput[i] * output[i] * (T.One - output[i]);
        }
    }
}
