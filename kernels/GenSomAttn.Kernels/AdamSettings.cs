namespace GenSomAttn.Kernels;

/// <summary>What one step of Adam needs beside its buffers (Kingma and Ba 2015, algorithm 1, with bias correction).</summary>
/// <param name="LearningRate">Step size of this step.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the corrected second moment.</param>
/// <param name="Step">Number of this step, from 1.</param>
public readonly record struct AdamSettings(double LearningRate, double Beta1, double Beta2, double Epsilon, long Step)
{
    /// <summary>1 - beta1^step, by which the first moment is divided.</summary>
    public double FirstCorrection => 1 - Math.Pow(Beta1, Step);

    /// <summary>1 - beta2^step, by which the second moment is divided.</summary>
    public double SecondCorrection => 1 - Math.Pow(Beta2, Step);
}
