using System.Reflection;
using GenSomAttn.Kernels.Arithmetic;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>Compilation of kernels to PTX and OpenCL C: ILGPU's output, corrected by <see cref="KernelPatches"/>.</summary>
public static class KernelCompiler
{
    /// <summary>
    /// Capabilities that a device must have: the generic address space, which ILGPU needs, and doubles, for normal random numbers.
    /// </summary>
    private static readonly CLCapabilityContext Plain = new(
        float16: false, float64: true, genericAddressSpace: true, int64_Atomics: false, subGroups: false);

    /// <summary>Compiles a kernel to PTX for NVIDIA GPUs from compute capability 8.0 on. Needs no GPU.</summary>
    /// <param name="kernel">A static method that returns nothing.</param>
    /// <param name="groupSize">Threads of a group.</param>
    /// <exception cref="InvalidOperationException">The kernel cannot be compiled.</exception>
    public static string Ptx(MethodInfo kernel, int groupSize)
    {
        using Context context = CreateContext(_ => { });
        using PTXBackend backend = PtxBackend(context);
        return ((PTXCompiledKernel)CompileAny(backend, kernel, groupSize)).PTXAssembly;
    }

    /// <summary>Compiles a kernel to OpenCL C for any device with doubles. Needs no device.</summary>
    /// <param name="kernel">A static method that returns nothing.</param>
    /// <param name="groupSize">Threads of a group.</param>
    /// <exception cref="InvalidOperationException">The kernel cannot be compiled.</exception>
    public static string OpenCL(MethodInfo kernel, int groupSize)
    {
        using Context context = CreateContext(_ => { });
        using CLBackend backend = OpenCLBackend(context);
        return ((CLCompiledKernel)CompileAny(backend, kernel, groupSize)).Source;
    }

    /// <summary>Creates ILGPU's PTX backend.</summary>
    internal static PTXBackend PtxBackend(Context context) => new(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!);

    /// <summary>Creates ILGPU's OpenCL backend.</summary>
    internal static CLBackend OpenCLBackend(Context context) => new(context, Plain, CLDeviceVendor.Other, CLCVersion.CL30);

    /// <summary>Creates a context with the intrinsics of <see cref="DeviceMath"/>.</summary>
    /// <param name="addDevices">Adds the devices that the context may open; compilation needs none.</param>
    internal static Context CreateContext(Action<Context.Builder> addDevices)
    {
        NativeLibraries.Hook();

        // O2 marks branches as uniform that may diverge (ILGPU issue 846).
        Context context = Context.Create(builder =>
        {
            builder.Optimize(OptimizationLevel.O1);
            addDevices(builder);
        });
        DeviceMath.Register(context);
        return context;
    }

    /// <summary>Compiles a kernel of <see cref="KernelList"/> for a device and patches its text.</summary>
    /// <exception cref="InvalidOperationException">The kernel is not in the list, or cannot be compiled.</exception>
    internal static CompiledKernel Compile(Backend backend, MethodInfo kernel, int groupSize)
    {
        KernelList.Require(kernel);
        return CompileAny(backend, kernel, groupSize);
    }

    /// <summary>Compiles a kernel with ILGPU alone, without patches.</summary>
    internal static CompiledKernel CompileUnpatched(Backend backend, MethodInfo kernel, int groupSize) => backend.Compile(
        EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization(groupSize, null));

    private static CompiledKernel CompileAny(Backend backend, MethodInfo kernel, int groupSize)
    {
        CompiledKernel compiled = CompileUnpatched(backend, kernel, groupSize);
        KernelPatches.Apply(compiled, KernelPatches.Version);
        return compiled;
    }
}
