namespace GenSomAttn.Kernels.Operands;

/// <summary>
/// One of the two matrices of a product, given not as a matrix but as the rule by which a kernel finds an element: so a convolution is a
/// product although nobody ever wrote its windows side by side. Its outer index is the one that the result has too: the row of the
/// left factor, the column of the right. The sum runs over the inner index.
/// </summary>
public interface IGemmOperand
{
    /// <summary>Outer indices.</summary>
    int Outers { get; }

    /// <summary>Inner indices: the length of the sums.</summary>
    int Inners { get; }

    /// <summary>
    /// True if neighbors of the inner index are neighbors in memory, false if those of the outer index are: threads side by side
    /// should read side by side.
    /// </summary>
    bool InnerIsDense { get; }

    /// <summary>
    /// Whether every run of four along the dense index, from a multiple of four on, lies at a multiple of four floats in memory: then it is
    /// read in one instruction, by <see cref="Four"/>.
    /// </summary>
    bool HasFours { get; }

    /// <summary>Takes one of several products that one launch computes: a phase of a transposed convolution.</summary>
    void SelectSlice(int part);

    /// <summary>What an outer index contributes to the place of an element.</summary>
    ElementIndex Outer(int index);

    /// <summary>What an inner index contributes to the place of an element.</summary>
    ElementIndex Inner(int index);

    /// <summary>The element where two contributions meet.</summary>
    float Element(ElementIndex outer, ElementIndex inner);

    /// <summary>The four elements along the dense index that begin where two contributions meet.</summary>
    Float4 Four(ElementIndex outer, ElementIndex inner);
}
