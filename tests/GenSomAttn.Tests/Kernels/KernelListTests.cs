using System.Reflection;
using GenSomAttn.Backends.Ilgpu;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Operands;
using ILGPU;
using ILGPU.Runtime;
using NUnit.Framework;

namespace GenSomAttn.Tests.Kernels;

/// <summary>Devices get only kernels of the list, whose texts <see cref="KernelTextTests"/> check.</summary>
public sealed class KernelListTests
{
    [Test]
    public void All_OfTheList_AreAllowed()
    {
        Assert.That(KernelList.All.Count(), Is.GreaterThan(50));
        Assert.That(KernelList.Classes.Where(type => !KernelList.All.Any(kernel => kernel.DeclaringType == type)), Is.Empty);
        foreach (MethodInfo kernel in KernelList.All)
        {
            Assert.That(() => KernelList.Require(kernel), Throws.Nothing);
        }
    }

    [Test]
    public void Launcher_OfAKernelOutsideTheList_IsRefusedByName()
        => AssertRefused<Action<AcceleratorStream, KernelConfig, ArrayView<float>>>((Action<ArrayView<float>>)Stray, nameof(Stray));

    [Test]
    public void Launcher_OfAnInstanceOutsideTheList_IsRefusedByName()
        => AssertRefused<Action<AcceleratorStream, KernelConfig, Im2colTransposed, Im2colTransposed, MatrixOutput>>(
            (Action<Im2colTransposed, Im2colTransposed, MatrixOutput>)MatrixProductKernels.Naive,
            "Naive<Im2colTransposed, Im2colTransposed, MatrixOutput>");

    private static void AssertRefused<TLauncher>(Delegate kernel, string name)
        where TLauncher : Delegate
    {
        KernelLibrary library = IlgpuDevice.Open(IlgpuKind.Simulator, 0).Kernels;

        Assert.That(
            () => library.Launcher<TLauncher>(kernel, groupSize: 1),
            Throws.InvalidOperationException.With.Message.Contains(name).And.Message.Contains("list of kernels"));
    }

    private static void Stray(ArrayView<float> numbers) => numbers[0] = 1;
}
