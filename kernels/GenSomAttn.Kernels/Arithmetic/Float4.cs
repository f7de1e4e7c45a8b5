using ILGPU;
using ILGPU.Runtime;

namespace GenSomAttn.Kernels.Arithmetic;

/// <summary>Four floats in registers, read from memory with one vector load.</summary>
public readonly record struct Float4(float X, float Y, float Z, float W)
{
    /// <summary>Reads four neighboring floats that start at a multiple of four floats.</summary>
    public static Float4 At(ArrayView<float> data, int index) => data.AsAligned(sizeof(float) * 4).Cast<Float4>()[index >> 2];

    /// <summary>Writes the four floats to the position from which <see cref="At"/> reads them.</summary>
    public void Put(ArrayView<float> data, int index) => data.Cast<Float4>()[index >> 2] = this;

    /// <summary>Computes this + (x - other)², element by element.</summary>
    public Float4 PlusSquaredDifference(float x, Float4 other)
    {
        float dx = x - other.X, dy = x - other.Y, dz = x - other.Z, dw = x - other.W;
        return new Float4(
            DeviceMath.Fma(dx, dx, X), DeviceMath.Fma(dy, dy, Y), DeviceMath.Fma(dz, dz, Z), DeviceMath.Fma(dw, dw, W));
    }

    /// <summary>Computes this + other.</summary>
    public Float4 Plus(Float4 other) => new(X + other.X, Y + other.Y, Z + other.Z, W + other.W);

    /// <summary>Computes this + factor · other with fused multiply-adds, each rounded once.</summary>
    public Float4 PlusScaled(float factor, Float4 other) => new(
        DeviceMath.Fma(factor, other.X, X), DeviceMath.Fma(factor, other.Y, Y),
        DeviceMath.Fma(factor, other.Z, Z), DeviceMath.Fma(factor, other.W, W));
}
