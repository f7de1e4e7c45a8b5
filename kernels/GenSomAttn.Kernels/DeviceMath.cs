using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GenSomAttn.Kernels;

/// <summary>
/// Arithmetic of the kernels, the same on every device. What the compilers offer is not: exp is 2 ulp on one device and
/// approximate on another, and a·b + c is rounded once or twice as the compiler pleases.
/// </summary>
public static class DeviceMath
{
    /// <summary>a·b + c, rounded once.</summary>
    [IntrinsicImplementation]
    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>Tells a context what the intrinsics of this class are on each kind of device. Before it opens one.</summary>
    public static void Register(Context context)
    {
        ArgumentNullException.ThrowIfNull(context);
        MethodInfo fma = typeof(DeviceMath).GetMethod(nameof(Fma))!;
        IntrinsicImplementationManager manager = context.GetIntrinsicManager();
        manager.RegisterMethod(fma, new PTXIntrinsic(typeof(DeviceMath), nameof(FmaInPtx), IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(fma, new CLIntrinsic(typeof(DeviceMath), nameof(FmaInOpenCL), IntrinsicImplementationMode.GenerateCode));
    }

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
