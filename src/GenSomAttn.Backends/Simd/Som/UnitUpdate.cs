using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Som;

/// <summary>The update of one unit, from the neighborhood's weight and sum of the samples.</summary>
/// <param name="learningRate">η.</param>
/// <param name="codebook">(U, D).</param>
/// <param name="dimension">D.</param>
internal readonly unsafe struct UnitUpdate<TVector>(float learningRate, float* codebook, int dimension)
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Maximum number of samples that count toward one unit in one batch update.</summary>
    private const float EffectiveSamplesLimit = 50;

    private readonly double _logKeptRate = Math.Log(1.0 - learningRate);
    private readonly float* _codebook = codebook;

    /// <summary>Updates W_i += (1 - (1-η)^min(a, 50)) (sum / a - W_i); a unit with a ≤ 0 keeps its vector. Overwrites the sum.</summary>
    public void Move(int unit, float a, float* sum)
    {
        if (a > 0)
        {
            float rate = (float)(1 - Math.Exp(_logKeptRate * Math.Min(a, EffectiveSamplesLimit)));
            ShortRows<TVector>.Divide(sum, a, dimension);
            ShortRows<TVector>.MoveToward(sum, rate, dimension, _codebook + ((long)unit * dimension));
        }
    }
}
