namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>Element (tap, k, j) of a weight is Data[tap · Tap + k · Row + j · Column].</summary>
internal readonly unsafe struct WeightLayout(float* data, int tap, int row, int column)
{
    public float* Data { get; } = data;

    public int Tap { get; } = tap;

    public int Row { get; } = row;

    public int Column { get; } = column;
}
