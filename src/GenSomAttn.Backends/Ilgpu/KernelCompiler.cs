using System.Reflection;
using GenSomAttn.Kernels;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>Makes texts of kernels, as drivers take them: what ILGPU generates, patched by <see cref="KernelPatches"/>.</summary>
public static class KernelCompiler
{
    /// <summary>The least that a device must have: generic addresses, which ILGPU wants, and doubles, for normal random numbers.</summary>
    private static readonly CLCapabilityContext Plain = new(
        float16: false, float64: true, genericAddressSpace: true, int64_Atomics: false, subGroups: false);

    /// <summary>The PTX of a kernel for NVIDIA GPUs from compute capability 8.0 on. No GPU is needed.</summary>
    /// <param name="kernel">A static method that returns nothing.</param>
    /// <param name="groupSize">Threads of a group.</param>
    /// <exception cref="InvalidOperationException">The kernel cannot be compiled.</exception>
    public static string Ptx(MethodInfo kernel, int groupSize)
    {
        using Context context = CreateContext(_ => { });
        using PTXBackend backend = PtxBackend(context);
        return ((PTXCompiledKernel)CompileAny(backend, kernel, groupSize)).PTXAssembly;
    }

    /// <summary>The OpenCL C of a kernel for any device with doubles. None is needed.</summary>
    /// <param name="kernel">A static method that returns nothing.</param>
    /// <param name="groupSize">Threads of a group.</param>
    /// <exception cref="InvalidOperationException">The kernel cannot be compiled.</exception>
    public static string OpenCL(MethodInfo kernel, int groupSize)
    {
        using Context context = CreateContext(_ => { });
        using CLBackend backend = OpenCLBackend(context);
        return ((CLCompiledKernel)CompileAny(backend, kernel, groupSize)).Source;
    }

    /// <summary>What writes PTX.</summary>
    internal static PTXBackend PtxBackend(Context context) => new(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);

    /// <summary>What writes OpenCL C.</summary>
    internal static CLBackend OpenCLBackend(Context context) => new(context, Plain, CLDeviceVendor.Other, CLCVersion.CL30);

    /// <summary>A compiler with the intrinsics of <see cref="DeviceMath"/>.</summary>
    /// <param name="addDevices">Names the devices it may open; none are needed to compile.</param>
    internal static Context CreateContext(Action<Context.Builder> addDevices)
    {
        NativeLibraries.Hook();

        // O2 promises the driver that branches do not diverge where they may (ILGPU issue 846).
        Context context = Context.Create(builder =>
        {
            builder.Optimize(OptimizationLevel.O1);
            addDevices(builder);
        });
        DeviceMath.Register(context);
        return context;
    }

    /// <summary>Compiles a kernel of <see cref="KernelList"/> for a device and patches its text.</summary>
    /// <exception cref="InvalidOperationException">It is not in the list, or cannot be compiled.</exception>
    internal static CompiledKernel Compile(Backend backend, MethodInfo kernel, int groupSize)
    {
        KernelList.Require(kernel);
        return CompileAny(backend, kernel, groupSize);
    }

    /// <summary>What ILGPU makes of a kernel.</summary>
    internal static CompiledKernel CompileUnpatched(Backend backend, MethodInfo kernel, int groupSize) => backend.Compile(
        EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization(groupSize, null));

    private static CompiledKernel CompileAny(Backend backend, MethodInfo kernel, int groupSize)
    {
        CompiledKernel compiled = CompileUnpatched(backend, kernel, groupSize);
        KernelPatches.Apply(compiled, KernelPatches.Version);
        return compiled;
    }
}
