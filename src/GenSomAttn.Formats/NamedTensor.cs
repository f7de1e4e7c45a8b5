namespace GenSomAttn.Formats;

/// <summary>A tensor with its name, in PyTorch's layout.</summary>
/// <param name="Name">Name in PyTorch's style, such as encoder.conv1.weight.</param>
/// <param name="Shape">Dimensions, the slowest first.</param>
/// <param name="Values">As many as the product of the dimensions, row-major.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, float[] Values)
{
    /// <summary>Whether all values are finite (no infinity, no NaN).</summary>
    public bool IsFinite => Array.TrueForAll(Values, float.IsFinite);
}
