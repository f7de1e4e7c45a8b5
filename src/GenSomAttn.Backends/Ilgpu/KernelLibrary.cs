using ILGPU;
using ILGPU.Backends;
using ILGPU.Runtime;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// The kernels of one device, ready to launch: each is compiled, patched and loaded when it is launched for the first time, and kept.
/// </summary>
internal sealed class KernelLibrary(Accelerator accelerator)
{
    private readonly Dictionary<(Delegate Kernel, int GroupSize), (Kernel Loaded, Delegate Launcher)> _loaded = [];

    /// <summary>What launches a kernel with groups of a size.</summary>
    /// <typeparam name="TLauncher">An action of a stream, a <see cref="KernelConfig"/> and the kernel's parameters.</typeparam>
    public TLauncher Launcher<TLauncher>(Delegate kernel, int groupSize)
        where TLauncher : Delegate
    {
        if (!_loaded.TryGetValue((kernel, groupSize), out (Kernel Loaded, Delegate Launcher) entry))
        {
            // The kernel is kept beside its launcher, because ILGPU itself lets go of kernels that nobody holds.
            Kernel loaded = accelerator.LoadKernel(KernelCompiler.Compile(accelerator.GetBackend(), kernel.Method, groupSize));
            entry = (loaded, loaded.CreateLauncherDelegate<TLauncher>());
            _loaded.Add((kernel, groupSize), entry);
        }

        return (TLauncher)entry.Launcher;
    }
}
