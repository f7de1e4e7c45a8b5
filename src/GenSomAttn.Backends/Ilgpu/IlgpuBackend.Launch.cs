using ILGPU;
using ILGPU.Runtime;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Ilgpu;

// Kernel launches. The overloads differ in the number of the kernel's parameters alone.
internal sealed partial class IlgpuBackend
{
    /// <summary>Threads of a warp, and groups that cover all multiprocessors of a large GPU.</summary>
    private const int SmallestGroup = 32, ManyGroups = 132;

    /// <summary>
    /// Returns the launch configuration with one thread per element; the last group may have threads left over. For kernels with
    /// independent threads. Small launches use smaller groups, so that the work covers all multiprocessors.
    /// </summary>
    internal KernelConfig OneThreadPerElement(int elements)
    {
        int size = _device.LooseGroupSize;
        while (size > SmallestGroup && DivideUp(elements, size) < ManyGroups)
        {
            size /= 2;
        }

        return new KernelConfig(DivideUp(elements, size), size);
    }

    /// <summary>Returns the launch configuration with groups of the usual size.</summary>
    internal KernelConfig Groups(int groups) => new(groups, GroupSize);

    private TLauncher Prepare<TLauncher>(Delegate kernel, KernelConfig config)
        where TLauncher : Delegate
    {
        _counters = _counters with { Launches = _counters.Launches + 1 };
        return _device.Kernels.Launcher<TLauncher>(kernel, config.GroupDim.X);
    }

    internal void Launch<T1, T2>(
        KernelConfig config, Action<T1, T2> kernel,
        T1 p1, T2 p2)
        where T1 : struct
        where T2 : struct
        => Prepare<Action<AcceleratorStream, KernelConfig, T1, T2>>(kernel, config)(
            Stream, config, p1, p2);

    internal void Launch<T1, T2, T3>(
        KernelConfig config, Action<T1, T2, T3> kernel,
        T1 p1, T2 p2, T3 p3)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        => Prepare<Action<AcceleratorStream, KernelConfig, T1, T2, T3>>(kernel, config)(
            Stream, config, p1, p2, p3);

    internal void Launch<T1, T2, T3, T4>(
        KernelConfig config, Action<T1, T2, T3, T4> kernel,
        T1 p1, T2 p2, T3 p3, T4 p4)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        => Prepare<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4>>(kernel, config)(
            Stream, config, p1, p2, p3, p4);

    internal void Launch<T1, T2, T3, T4, T5>(
        KernelConfig config, Action<T1, T2, T3, T4, T5> kernel,
        T1 p1, T2 p2, T3 p3, T4 p4, T5 p5)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        => Prepare<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5>>(kernel, config)(
            Stream, config, p1, p2, p3, p4, p5);

    internal void Launch<T1, T2, T3, T4, T5, T6>(
        KernelConfig config, Action<T1, T2, T3, T4, T5, T6> kernel,
        T1 p1, T2 p2, T3 p3, T4 p4, T5 p5, T6 p6)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        => Prepare<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6>>(kernel, config)(
            Stream, config, p1, p2, p3, p4, p5, p6);

    internal void Launch<T1, T2, T3, T4, T5, T6, T7>(
        KernelConfig config, Action<T1, T2, T3, T4, T5, T6, T7> kernel,
        T1 p1, T2 p2, T3 p3, T4 p4, T5 p5, T6 p6, T7 p7)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        => Prepare<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7>>(kernel, config)(
            Stream, config, p1, p2, p3, p4, p5, p6, p7);

    internal void Launch<T1, T2, T3, T4, T5, T6, T7, T8>(
        KernelConfig config, Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel,
        T1 p1, T2 p2, T3 p3, T4 p4, T5 p5, T6 p6, T7 p7, T8 p8)
        where T1 : struct
        where T2 : struct
        where T3 : struct
        where T4 : struct
        where T5 : struct
        where T6 : struct
        where T7 : struct
        where T8 : struct
        => Prepare<Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8>>(kernel, config)(
            Stream, config, p1, p2, p3, p4, p5, p6, p7, p8);
}
