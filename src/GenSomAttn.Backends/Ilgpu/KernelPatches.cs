using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>Corrections of the text that ILGPU 1.5.3 generates for a kernel, applied before a driver compiles it.</summary>
/// <remarks>
/// OpenCL: ILGPU's barrier orders global memory alone, and kernels that share tiles in local memory need both fences. PTX: a function
/// that is declared but not defined is refused here, by name, because the driver would refuse the whole module; and a + b, a - b and a ·
/// b get the rounding modifier .rn, because the driver otherwise contracts a multiplication and an addition to a fused multiply-add.
/// Kernels that need one call <see cref="Kernels.Arithmetic.DeviceMath.Fma"/>: so all devices round alike.
/// </remarks>
internal static partial class KernelPatches
{
    private const string KnownVersion = "1.5.3.0";
    private const string GlobalFence = "CLK_GLOBAL_MEM_FENCE";
    private const string BothFences = "CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE";

    /// <summary>The loaded version of ILGPU.</summary>
    public static string? Version => typeof(Context).Assembly.GetName().Version?.ToString();

    /// <summary>Patches a kernel in place; a kernel for ILGPU's CPU accelerator has no text and stays as it is.</summary>
    /// <param name="kernel">ILGPU's compiled kernel.</param>
    /// <param name="version">The version of ILGPU that compiled it.</param>
    /// <exception cref="InvalidOperationException">
    /// The kernel calls a function that does not exist on the device, or ILGPU is not the known version.
    /// </exception>
    public static void Apply(CompiledKernel kernel, string? version)
    {
        if (version != KnownVersion)
        {
            throw new InvalidOperationException($"Kernels are patched for ILGPU {KnownVersion}; this is {version}.");
        }

        switch (kernel)
        {
            case CLCompiledKernel openCL:
                Replace(openCL, nameof(CLCompiledKernel.Source), openCL.Source.Replace(GlobalFence, BothFences, StringComparison.Ordinal));
                break;
            case PTXCompiledKernel ptx:
                Replace(ptx, nameof(PTXCompiledKernel.PTXAssembly), WithOwnRounding(ptx));
                break;
        }
    }

    private static string WithOwnRounding(PTXCompiledKernel kernel)
    {
        string text = kernel.PTXAssembly;
        Match missing = MissingFunction().Match(text);
        return missing.Success
            ? throw new InvalidOperationException($"Kernel {kernel.Name} calls {missing.Groups[1].Value}, which no GPU has.")
            : Arithmetic().Replace(text, "$1.rn.$2 ");
    }

    private static void Replace(object kernel, string property, string text)
    {
        FieldInfo field = kernel.GetType().GetField($"<{property}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new InvalidOperationException($"{kernel.GetType().Name} does not store {property} as in ILGPU {KnownVersion}.");
        field.SetValue(kernel, text);
    }

    [GeneratedRegex(@"\.extern\s+\.func\s+(?:\([^)]*\)\s*)?(\w+)")]
    private static partial Regex MissingFunction();

    [GeneratedRegex(@"\b(add|sub|mul)\.(f32|f64)\s")]
    private static partial Regex Arithmetic();
}
