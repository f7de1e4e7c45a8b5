namespace GenSomAttn.Kernels.Operands;

/// <summary>
/// The contribution of one operand index to the position of an element. The contributions of an outer and an inner index add up to the
/// element's offset, row and column.
/// </summary>
/// <param name="Offset">Elements from the beginning of the data.</param>
/// <param name="Row">Rows from the upper border of an image; 0 for a matrix.</param>
/// <param name="Column">Columns from the left border of an image; 0 for a matrix.</param>
public readonly record struct ElementIndex(int Offset, int Row, int Column);
