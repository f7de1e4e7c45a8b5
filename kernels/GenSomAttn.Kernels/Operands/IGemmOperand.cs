using GenSomAttn.Kernels.Arithmetic;

namespace GenSomAttn.Kernels.Operands;

/// <summary>
/// An operand of an implicit GEMM: a matrix given by the rule that locates its elements in memory. The im2col matrix of a convolution is
/// such an operand and is never materialized. The outer index is M for the left operand and N for the right one; the inner index is K,
/// over which the product sums.
/// </summary>
public interface IGemmOperand
{
    /// <summary>Number of outer indices: M for the left operand, N for the right one.</summary>
    int Outers { get; }

    /// <summary>Number of inner indices, K: the length of the sums.</summary>
    int Inners { get; }

    /// <summary>
    /// True if neighboring inner indices are neighbors in memory, false if neighboring outer indices are. Neighboring threads load
    /// elements along this dense index, so that their reads are coalesced.
    /// </summary>
    bool InnerIsDense { get; }

    /// <summary>
    /// True if every run of four elements along the dense index that starts at a multiple of four also starts at a multiple of four
    /// floats in memory, so that <see cref="Four"/> reads it with one vector load.
    /// </summary>
    bool HasFours { get; }

    /// <summary>
    /// Selects the GEMM that the operand describes where one launch computes several: a phase of a transposed convolution
    /// (<see cref="PhaseWindows"/>, <see cref="PhaseKernel"/>). Matrices and im2col operands ignore the call: their slices are split-K
    /// slices of one product, whose ranges of inner indices <see cref="ProductSize"/> gives.
    /// </summary>
    /// <param name="part">Index of the slice.</param>
    void SelectSlice(int part);

    /// <summary>Returns the contribution of an outer index (M or N) to the position of an element.</summary>
    ElementIndex Outer(int index);

    /// <summary>Returns the contribution of an inner index (K) to the position of an element.</summary>
    ElementIndex Inner(int index);

    /// <summary>Reads the element at the sum of two contributions.</summary>
    float Element(ElementIndex outer, ElementIndex inner);

    /// <summary>
    /// Reads the four elements along the dense index that start at the sum of two contributions. Requires <see cref="HasFours"/>.
    /// </summary>
    Float4 Four(ElementIndex outer, ElementIndex inner);
}
