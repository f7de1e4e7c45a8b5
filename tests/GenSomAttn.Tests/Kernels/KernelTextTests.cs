using NUnit.Framework;

namespace GenSomAttn.Tests.Kernels;

/// <summary>Every kernel becomes a text that the drivers can take, as far as a text shows.</summary>
public sealed class KernelTextTests
{
    private static IEnumerable<string> Names => KernelTexts.All.Keys;

    [TestCaseSource(nameof(Names))]
    public void Ptx_OfEachKernel_CallsNothingFromOutside(string name)
    {
        string text = KernelTexts.Ptx(name);
        Keep(name, "ptx", text);

        Assert.That(text, Does.Contain(".target sm_80"));
        Assert.That(text, Does.Not.Contain(".extern .func"));
        Assert.That(text, Does.Not.Match(@"\b(add|sub|mul)\.f(32|64)\s"), "Roundings must be marked, or the driver joins them.");
    }

    [TestCaseSource(nameof(Names))]
    public void OpenCL_OfEachKernel_HasBothFencesInItsBarriers(string name)
    {
        string text = KernelTexts.OpenCL(name);
        Keep(name, "cl", text);

        Assert.That(text, Does.Contain("kernel void"));
        Assert.That(text, Does.Not.Contain("barrier(CLK_GLOBAL_MEM_FENCE)"));
    }

    /// <summary>With GENSOM_KERNEL_TEXTS=DIR the texts are written there, for a look or for an assembler.</summary>
    private static void Keep(string name, string extension, string text)
    {
        if (Environment.GetEnvironmentVariable("GENSOM_KERNEL_TEXTS") is string folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{name}.{extension}"), text);
        }
    }
}
