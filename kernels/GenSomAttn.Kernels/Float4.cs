namespace GenSomAttn.Kernels;

/// <summary>Four floats that a thread keeps in registers, and reads from shared memory in one instruction.</summary>
public readonly record struct Float4(float X, float Y, float Z, float W)
{
    /// <summary>this + factor · other, each product and sum rounded once.</summary>
    public Float4 PlusScaled(float factor, Float4 other) => new(
        DeviceMath.Fma(factor, other.X, X), DeviceMath.Fma(factor, other.Y, Y),
        DeviceMath.Fma(factor, other.Z, Z), DeviceMath.Fma(factor, other.W, W));
}
