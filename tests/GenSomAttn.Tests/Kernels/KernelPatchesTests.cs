using GenSomAttn.Backends.Ilgpu;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using NUnit.Framework;

namespace GenSomAttn.Tests.Kernels;

/// <summary>ILGPU without the patches generates wrong kernel texts; if a test here fails, its patch can be removed.</summary>
public sealed class KernelPatchesTests
{
    private const string Tiled = "MatrixProductKernels.Tiled<RowMajor, ColumnMajor, MatrixOutput, Side16>";

    [Test]
    public void OpenCL_WithoutThePatch_LacksTheFenceOfSharedMemory()
    {
        using Context context = KernelCompiler.CreateContext(_ => { });
        using CLBackend backend = KernelCompiler.OpenCLBackend(context);
        var kernel = (CLCompiledKernel)Compile(backend, Tiled);
        Assert.That(kernel.Source, Does.Match(@"barrier\s*\(\s*CLK_GLOBAL_MEM_FENCE").And.Not.Contain("CLK_LOCAL_MEM_FENCE"));

        KernelPatches.Apply(kernel, KernelPatches.Version);

        Assert.That(kernel.Source, Does.Not.Match(@"barrier\s*\(\s*CLK_GLOBAL_MEM_FENCE").And.Contain("CLK_LOCAL_MEM_FENCE"));
    }

    [Test]
    public void Ptx_WithoutThePatch_LeavesRoundingToTheDriver()
    {
        using Context context = KernelCompiler.CreateContext(_ => { });
        using PTXBackend backend = KernelCompiler.PtxBackend(context);
        var kernel = (PTXCompiledKernel)Compile(backend, "AdamKernels.Step");
        Assert.That(kernel.PTXAssembly, Does.Match(@"\badd\.f32\s").And.Match(@"\bmul\.f32\s"));

        KernelPatches.Apply(kernel, KernelPatches.Version);

        Assert.That(kernel.PTXAssembly, Does.Match(@"\badd\.rn\.f32\s").And.Not.Match(@"\b(add|sub|mul)\.f32\s"));
    }

    [TestCase("1.5.2.0")]
    [TestCase("1.6.0.0")]
    [TestCase(null)]
    public void Apply_AnotherVersionOfIlgpu_IsRefusedAndChangesNothing(string? version)
    {
        using Context context = KernelCompiler.CreateContext(_ => { });
        using PTXBackend backend = KernelCompiler.PtxBackend(context);
        var kernel = (PTXCompiledKernel)Compile(backend, "ElementwiseKernels.Add");
        string text = kernel.PTXAssembly;

        Assert.That(
            () => KernelPatches.Apply(kernel, version),
            Throws.InvalidOperationException.With.Message.Contains("ILGPU 1.5.3").And.Message.Contains($"this is {version}."));
        Assert.That(kernel.PTXAssembly, Is.EqualTo(text));
    }

    private static CompiledKernel Compile(Backend backend, string name) =>
        KernelCompiler.CompileUnpatched(backend, KernelTexts.All[name], KernelTexts.GroupSize);
}
