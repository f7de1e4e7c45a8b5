using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GenSomAttn.Kernels.Arithmetic;

/// <summary>
/// Arithmetic of the kernels with the same bits on every device. The functions of the compilers differ: exp has an error of 2 ulp on one
/// device and is approximate on another, and a·b + c is rounded once or twice, depending on the compiler.
/// </summary>
public static class DeviceMath
{
    /// <summary>Computes a·b + c, rounded once.</summary>
    [IntrinsicImplementation]
    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>Computes e^x with an error of at most 1.1 units in the last place; 0 below -104, infinity above 88.73.</summary>
    /// <remarks>
    /// x = n ln 2 + r with |r| ≤ ½ ln 2; e^x = 2^n e^r, and e^r by the polynomial of S. Moshier's Cephes library (expf). ln 2 is taken in
    /// two pieces, the first so short that n times it is exact.
    /// </remarks>
    public static float Exp(float x)
    {
        const float PerLn2 = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;
        float bounded = x > 89 ? 89 : x < -105 ? -105 : float.IsNaN(x) ? 0 : x;
        float n = MathF.Floor(Fma(bounded, PerLn2, 0.5f));
        float r = Fma(-n, Ln2Low, Fma(-n, Ln2High, bounded));
        float p = Fma(1.9875691500e-4f, r, 1.3981999507e-3f);
        p = Fma(p, r, 8.3334519073e-3f);
        p = Fma(p, r, 4.1665795894e-2f);
        p = Fma(p, r, 1.6666665459e-1f);
        p = Fma(p, r, 5.0000001201e-1f);
        p = Fma(p, r * r, r) + 1;

        // Two factors, because 2^n itself overflows or underflows before the product does.
        int half = (int)n / 2;
        float result = p * PowerOfTwo(half) * PowerOfTwo((int)n - half);
        return float.IsNaN(x) ? x : result;
    }

    /// <summary>Computes ln x with an error of at most 1 unit in the last place; NaN below 0.</summary>
    /// <remarks>
    /// x = 2^k m with m from √½ to √2; ln m by the series in s = (m - 1) / (m + 1) of Sun's fdlibm, as in FreeBSD's logf.
    /// </remarks>
    public static float Log(float x)
    {
        const float Ln2High = 6.9313812256e-1f, Ln2Low = 9.0580006145e-6f;
        const uint RootHalf = 0x3F3504F3, One = 0x3F800000;
        bool tiny = x < 1.17549435e-38f;
        uint bits = Interop.FloatAsInt(tiny ? x * 33554432f : x) + (One - RootHalf);
        float k = (int)(bits >> 23) - (tiny ? 127 + 25 : 127);
        float f = Interop.IntAsFloat((bits & 0x7FFFFF) + RootHalf) - 1;
        float s = f / (2 + f);
        float z = s * s;
        float w = z * z;
        float even = w * Fma(w, 0.24279078841f, 0.40000972152f);
        float odd = z * Fma(w, 0.28498786688f, 0.66666662693f);
        float halfSquare = 0.5f * f * f;
        float result = Fma(k, Ln2High, f - (halfSquare - Fma(s, halfSquare + (odd + even), k * Ln2Low)));
        return x > 0 ? (x < float.PositiveInfinity ? result : x) : x == 0 ? float.NegativeInfinity : float.NaN;
    }

    /// <summary>Computes ln(1 + x), accurate where 1 + x would lose x: ln(u) · x / (u - 1) with u = 1 + x.</summary>
    /// <remarks>Source: Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991, theorem 4.</remarks>
    public static float LogOnePlus(float x)
    {
        float u = 1 + x;
        return u == 1 ? x : Log(u) * (x / (u - 1));
    }

    /// <summary>
    /// Registers this class's intrinsics for PTX and OpenCL with a context. Must be called before the context opens a device.
    /// </summary>
    public static void Register(Context context)
    {
        ArgumentNullException.ThrowIfNull(context);
        MethodInfo fma = typeof(DeviceMath).GetMethod(nameof(Fma))!;
        IntrinsicImplementationManager manager = context.GetIntrinsicManager();
        manager.RegisterMethod(fma, new PTXIntrinsic(typeof(DeviceMath), nameof(FmaInPtx), IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(fma, new CLIntrinsic(typeof(DeviceMath), nameof(FmaInOpenCL), IntrinsicImplementationMode.GenerateCode));
    }

    /// <summary>Computes 2^n for n from -126 to 127.</summary>
    private static float PowerOfTwo(int n) => Interop.IntAsFloat((uint)(n + 127) << 23);

    private static void FmaInPtx(PTXBackend _, PTXCodeGenerator code, Value call)
    {
        PTXRegisterAllocator.HardwareRegister target = code.AllocateHardware(call);
        using PTXCodeGenerator.CommandEmitter command = code.BeginCommand("fma.rn.f32");
        command.AppendArgument(target);
        command.AppendArgument(code.LoadPrimitive(call[0]));
        command.AppendArgument(code.LoadPrimitive(call[1]));
        command.AppendArgument(code.LoadPrimitive(call[2]));
    }

    private static void FmaInOpenCL(CLBackend _, CLCodeGenerator code, Value call)
    {
        VariableAllocator.Variable target = code.Allocate(call);
        using CLCodeGenerator.StatementEmitter statement = code.BeginStatement(target);
        statement.AppendCommand("fma");
        statement.BeginArguments();
        statement.AppendArgument(code.Load(call[0]));
        statement.AppendArgument(code.Load(call[1]));
        statement.AppendArgument(code.Load(call[2]));
        statement.EndArguments();
    }
}
