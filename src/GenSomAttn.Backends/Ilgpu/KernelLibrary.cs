using ILGPU;
using ILGPU.Backends;
using ILGPU.Runtime;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>The kernels of one device, ready to launch: each is compiled, patched and loaded at its first launch, and cached.</summary>
internal sealed class KernelLibrary(Accelerator accelerator)
{
    private readonly Dictionary<(Delegate Kernel, int GroupSize), (Kernel Loaded, Delegate Launcher)> _loaded = [];

    /// <summary>Returns the launcher of a kernel with groups of a size; loads the kernel at the first call.</summary>
    /// <typeparam name="TLauncher">An action of a stream, a <see cref="KernelConfig"/> and the kernel's parameters.</typeparam>
    public TLauncher Launcher<TLauncher>(Delegate kernel, int groupSize)
        where TLauncher : Delegate
    {
        // Backends on several threads may share a device.
        lock (_loaded)
        {
            if (!_loaded.TryGetValue((kernel, groupSize), out (Kernel Loaded, Delegate Launcher) entry))
            {
                // The kernel is stored beside its launcher, because ILGPU frees kernels that are no longer referenced.
                Kernel loaded = accelerator.LoadKernel(KernelCompiler.Compile(accelerator.GetBackend(), kernel.Method, groupSize));
                entry = (loaded, loaded.CreateLauncherDelegate<TLauncher>());
                _loaded.Add((kernel, groupSize), entry);
            }

            return (TLauncher)entry.Launcher;
        }
    }
}
