namespace GenSomAttn.Kernels.Operands;

/// <summary>
/// What one index of a factor contributes to the place of an element. The sums of two places are offset, row and column of the element.
/// </summary>
/// <param name="Offset">Elements from the beginning of the data.</param>
/// <param name="Row">Rows from the upper border of an image; nothing in a matrix.</param>
/// <param name="Column">Columns from its left border; nothing in a matrix.</param>
public readonly record struct ElementIndex(int Offset, int Row, int Column);
