using GenSomAttn.Backends.Ilgpu;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Backends.Simd;

namespace GenSomAttn.Backends;

/// <summary>A value of the accelerator flag and whether it can run here.</summary>
/// <param name="Name">The value.</param>
/// <param name="Description">What runs.</param>
/// <param name="Available">Whether it can run on this machine, with this build.</param>
/// <param name="Reason">Why it can, or why it cannot.</param>
public sealed record AcceleratorInfo(string Name, string Description, bool Available, string Reason);

/// <summary>An accelerator was asked for that is not here. The message says why, and lists what is.</summary>
public sealed class AcceleratorUnavailableException(string message) : Exception(message);

/// <summary>
/// The one list of accelerators, from which the flag, the list of devices and the tests are fed, and the one place that
/// makes backends.
/// </summary>
public static class BackendFactory
{
    /// <summary>Most threads that a backend is made with: more than any machine has processors, and few enough to be started.</summary>
    public const int MostThreads = 1024;

    /// <summary>Every value of the accelerator flag, in the order in which they are shown.</summary>
    public static IReadOnlyList<AcceleratorInfo> Accelerators { get; } =
    [
        new("auto", "cuda if present, else cpu", true, NativeLibraries.HasCuda ? "cuda is present" : "cuda is not present, so cpu"),
        new("cuda", "kernels on an NVIDIA GPU", NativeLibraries.HasCuda, NativeLibraries.HasCuda ? "driver found" : "no driver"),
        new("opencl", "kernels on an OpenCL device", NativeLibraries.HasOpenCL, NativeLibraries.HasOpenCL ? "loader found" : "no loader"),
        new("cpu", "SIMD in plain C#, all cores", true, $"{Environment.ProcessorCount} processors"),
        new("ilgpu-cpu", "the GPU kernels simulated on the CPU, for stepping through them", true, "always"),
    ];

    /// <summary>Makes a backend.</summary>
    /// <param name="accelerator">A name of <see cref="Accelerators"/>, or "reference": plain loops, for tests.</param>
    /// <param name="threads">Threads that compute, for backends that have a choice; 0 for one on every processor, else up to <see cref="MostThreads"/>.</param>
    /// <exception cref="ArgumentException">There is no such name, or the number of threads is out of its range.</exception>
    /// <exception cref="AcceleratorUnavailableException">It cannot run here; nothing else is put in its place.</exception>
    public static IBackend Create(string accelerator, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        if (accelerator == "reference")
        {
            return new ReferenceBackend();
        }

        AcceleratorInfo info = Accelerators.FirstOrDefault(each => each.Name == accelerator)
            ?? throw new ArgumentException(
                $"There is no accelerator '{accelerator}'; there are {string.Join(", ", Accelerators.Select(each => each.Name))}.",
                nameof(accelerator));
        if (info.Name is "auto" or "cpu")
        {
            return SimdBackend.Create(threads);
        }

        if (info.Available)
        {
            return info.Name switch
            {
                "cuda" => new IlgpuBackend(info.Name, IlgpuKind.Cuda, 0),
                "opencl" => new IlgpuBackend(info.Name, IlgpuKind.OpenCL, 0),
                _ => new IlgpuBackend(info.Name, IlgpuKind.Simulator, 0),
            };
        }

        string present = string.Join(", ", Accelerators.Where(each => each.Available).Select(each => each.Name));
        throw new AcceleratorUnavailableException($"Accelerator '{info.Name}' is not available: {info.Reason}. Available: {present}.");
    }
}
