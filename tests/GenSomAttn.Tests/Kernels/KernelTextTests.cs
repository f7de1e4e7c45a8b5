using System.Reflection;
using System.Text.RegularExpressions;
using GenSomAttn.Backends.Ilgpu;
using GenSomAttn.Tests.Support;
using ILGPU;
using NUnit.Framework;

namespace GenSomAttn.Tests.Kernels;

/// <summary>The compiled text of every kernel is acceptable to the drivers, as far as the text shows.</summary>
public sealed partial class KernelTextTests
{
    private static IEnumerable<string> Names => KernelTexts.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void Ptx_OfEachKernel_IsWhatTheDriverNeeds(string name)
    {
        string text = KernelTexts.Ptx(name);
        Keep(name, "ptx", text);

        Assert.That(text, Does.Contain(".target sm_80"));
        Assert.That(text, Does.Not.Contain(".extern .func"));
        Assert.That(UnmarkedArithmetic().IsMatch(text), Is.False, "Roundings must be marked, or the driver joins them.");
        Assert.That(text, Does.Not.Contain(".local"), "An array in slow memory: registers have no index.");
        Assert.That(UniformBranch().IsMatch(text), Is.False, "A promise that a branch does not diverge, made without proof.");
    }

    [TestCaseSource(nameof(Names))]
    public void OpenCL_OfEachKernel_HasBothFencesInItsBarriers(string name)
    {
        string text = KernelTexts.OpenCL(name);
        Keep(name, "cl", text);

        Assert.That(text, Does.Contain("kernel void"));
        Assert.That(
            Barrier().Matches(text).Select(match => match.Groups[1].Value), Is.All.EqualTo("CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE"));
    }

    [Test]
    public void OpenCL_OfKernelsWithSharedMemory_HasBarriers()
    {
        // Guards the test above: it would pass if it searched for the wrong word.
        string[] names = [.. Names.Where(name => name.Contains("Tile", StringComparison.Ordinal))];

        Assert.That(names, Is.Not.Empty);
        Assert.That(names.Select(name => Barrier().Count(KernelTexts.OpenCL(name))), Is.All.GreaterThan(1));
    }

    [Test]
    public void Ptx_OfTheTiledProduct_MultipliesAndAddsAtOnceFromFourFoldReads()
    {
        string text = KernelTexts.Ptx("MatrixProductKernels.Tiled<RowMajor, ColumnMajor, MatrixOutput, Side16>");

        // The source has 16 multiply-adds and two reads of four floats in its inner loop.
        Assert.That(Regex.Count(text, @"fma\.rn\.f32"), Is.EqualTo(16));
        Assert.That(Regex.Count(text, @"ld\.shared\.v4\.f32"), Is.EqualTo(2));
    }

    [Test]
    public void Ptx_OfAKernelThatCallsWhatNoGpuHas_IsRefusedByName()
        => Assert.That(
            () => KernelCompiler.Ptx(typeof(BadKernel).GetMethod(nameof(BadKernel.LibraryFma))!, KernelTexts.GroupSize),
            Throws.InvalidOperationException.With.Message.Contains(nameof(BadKernel.LibraryFma)).And.Message.Contains("FusedMultiplyAdd"));

    [Test]
    public void Ptx_OfAKernelWithAnIndexedArray_ShowsItInSlowMemory()
        => Assert.That(
            KernelCompiler.Ptx(typeof(BadKernel).GetMethod(nameof(BadKernel.IndexedArray))!, KernelTexts.GroupSize), Does.Contain(".local"),
            "Else the test above looks for the wrong word.");

    [Test]
    public void Instances_OfGenericKernels_LeaveNoneOut()
    {
        IEnumerable<string> generic = KernelList.Classes
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsGenericMethodDefinition)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}<");

        foreach (string name in generic)
        {
            Assert.That(Names.Any(each => each.StartsWith(name, StringComparison.Ordinal)), Is.True, name);
        }
    }

    [Test]
    public void All_Kernels_AreInTheTableOfTheirPage()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "kernels", "README.md"));

        string[] kernels = [.. Names.Select(name => name.Split('<')[0]).Distinct()];
        Assert.That(kernels.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)), Is.Empty);
    }

    [GeneratedRegex(@"\b(add|sub|mul)\.f(32|64)\s")]
    private static partial Regex UnmarkedArithmetic();

    [GeneratedRegex(@"@!?%p\d+\s+bra\.uni|brx\.idx\.uni")]
    private static partial Regex UniformBranch();

    [GeneratedRegex(@"barrier\s*\(\s*([^)]*?)\s*\)")]
    private static partial Regex Barrier();

    /// <summary>With GENSOM_KERNEL_TEXTS=DIR the texts are written there, for inspection or an assembler.</summary>
    private static void Keep(string name, string extension, string text)
    {
        if (Environment.GetEnvironmentVariable("GENSOM_KERNEL_TEXTS") is string folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{name}.{extension}"), text);
        }
    }

    /// <summary>Wrong kernels, on purpose.</summary>
    private static class BadKernel
    {
        public static void LibraryFma(ArrayView<float> numbers) => numbers[0] = MathF.FusedMultiplyAdd(numbers[0], numbers[1], numbers[2]);

        public static void IndexedArray(ArrayView<int> numbers)
        {
            int[] array = [1, 2, 3, 4];
            numbers[0] = array[numbers[1] & 3];
        }
    }
}
