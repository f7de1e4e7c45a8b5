namespace GenSomAttn.Kernels;

/// <summary>The constants of Adam (Kingma and Ba 2015, algorithm 1).</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the square root of the bias-corrected second moment.</param>
public readonly record struct AdamSettings(double Beta1, double Beta2, double Epsilon)
{
    /// <summary>
    /// Computes the factors of a step, which contain the bias correction: rate / (1 - β₁ᵗ) and 1 / (1 - β₂ᵗ), in double and rounded once.
    /// </summary>
    /// <param name="learningRate">Learning rate of this step.</param>
    /// <param name="step">t, number of this step, from 1.</param>
    public (float StepSize, float SecondScale) Rates(double learningRate, long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        return ((float)(learningRate / (1 - Math.Pow(Beta1, step))), (float)(1 / (1 - Math.Pow(Beta2, step))));
    }
}
