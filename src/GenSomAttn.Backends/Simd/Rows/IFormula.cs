using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Rows;

/// <summary>A formula of one or two inputs, computed on a vector of elements.</summary>
internal interface IFormula<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Computes the formula; one of one input ignores the right one.</summary>
    TVector Apply(TVector left, TVector right);
}

/// <summary>left + right.</summary>
internal readonly struct SumFormula<TVector> : IFormula<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector left, TVector right) => left + right;
}

/// <summary>factor · left.</summary>
internal readonly struct ScaleFormula<TVector>(float factor) : IFormula<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector left, TVector right) => TVector.Splat(factor) * left;
}
