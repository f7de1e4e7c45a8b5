using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels.Operands;

/// <summary>A matrix in memory whose outer index is the row: element = data[outer · inners + inner].</summary>
/// <param name="data">(outers, inners).</param>
/// <param name="outers">Rows.</param>
/// <param name="inners">Columns.</param>
/// <param name="isAligned">Whether the data begin at a multiple of four floats.</param>
public readonly struct RowMajor(ArrayView<float> data, int outers, int inners, bool isAligned) : IGemmOperand
{
    private readonly ArrayView<float> _data = data;
    private readonly int _hasFours = isAligned && inners % 4 == 0 ? 1 : 0;

    /// <inheritdoc/>
    public int Outers { get; } = outers;

    /// <inheritdoc/>
    public int Inners { get; } = inners;

    /// <inheritdoc/>
    public bool InnerIsDense => true;

    /// <inheritdoc/>
    public bool HasFours => _hasFours != 0;

    /// <inheritdoc/>
    public void SelectSlice(int part)
    {
    }

    /// <inheritdoc/>
    public ElementIndex Outer(int index) => new(index * Inners, 0, 0);

    /// <inheritdoc/>
    public ElementIndex Inner(int index) => new(index, 0, 0);

    /// <inheritdoc/>
    public float Element(ElementIndex outer, ElementIndex inner) => _data[outer.Offset + inner.Offset];

    /// <inheritdoc/>
    public Float4 Four(ElementIndex outer, ElementIndex inner) => Float4.At(_data, outer.Offset + inner.Offset);
}

/// <summary>A matrix in memory whose outer index is the column: element = data[inner · outers + outer].</summary>
/// <param name="data">(inners, outers).</param>
/// <param name="outers">Columns.</param>
/// <param name="inners">Rows.</param>
/// <param name="isAligned">Whether the data begin at a multiple of four floats.</param>
public readonly struct ColumnMajor(ArrayView<float> data, int outers, int inners, bool isAligned) : IGemmOperand
{
    private readonly ArrayView<float> _data = data;
    private readonly int _hasFours = isAligned && outers % 4 == 0 ? 1 : 0;

    /// <inheritdoc/>
    public int Outers { get; } = outers;

    /// <inheritdoc/>
    public int Inners { get; } = inners;

    /// <inheritdoc/>
    public bool InnerIsDense => false;

    /// <inheritdoc/>
    public bool HasFours => _hasFours != 0;

    /// <inheritdoc/>
    public void SelectSlice(int part)
    {
    }

    /// <inheritdoc/>
    public ElementIndex Outer(int index) => new(index, 0, 0);

    /// <inheritdoc/>
    public ElementIndex Inner(int index) => new(index * Outers, 0, 0);

    /// <inheritdoc/>
    public float Element(ElementIndex outer, ElementIndex inner) => _data[outer.Offset + inner.Offset];

    /// <inheritdoc/>
    public Float4 Four(ElementIndex outer, ElementIndex inner) => Float4.At(_data, outer.Offset + inner.Offset);
}
