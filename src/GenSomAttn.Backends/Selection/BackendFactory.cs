using GenSomAttn.Backends.Ilgpu;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Backends.Simd;
using ILGPU.Runtime;

namespace GenSomAttn.Backends.Selection;

/// <summary>A value of the accelerator flag and whether it can run here.</summary>
/// <param name="Name">The value.</param>
/// <param name="Description">What runs.</param>
/// <param name="Available">Whether it can run on this machine, with this build.</param>
/// <param name="Reason">Why it can, or what is missing and how to install it.</param>
/// <param name="Devices">The devices to choose from by number; none where there is no choice.</param>
public sealed record AcceleratorInfo(string Name, string Description, bool Available, string Reason, IReadOnlyList<DeviceInfo> Devices);

/// <summary>An accelerator was asked for that is not here. The message says why, and lists what is.</summary>
public sealed class AcceleratorUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The one list of accelerators, from which the flag, the list of devices and the tests are fed, and the one place that
/// makes backends.
/// </summary>
public static class BackendFactory
{
    /// <summary>Most threads that a backend is made with: more than any machine has processors, and few enough to be started.</summary>
    public const int MaxThreads = 1024;

    /// <summary>The largest number of a device that is looked for.</summary>
    public const int LastDevice = 255;

    private const string Auto = "auto", Cpu = SimdBackend.Name;

    private static readonly Dictionary<string, Lazy<AcceleratorInfo>> Found = Kinds.ToDictionary(
        kind => kind.Name, kind => new Lazy<AcceleratorInfo>(() => OnDevices(kind.Name, kind.Description, kind.Kind)));

    /// <summary>The values of the accelerator flag, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, .. Kinds.Select(kind => kind.Name).Take(2), Cpu, Kinds[2].Name];

    /// <summary>
    /// Every value of the accelerator flag. Devices are looked for when they are first asked for, which takes some tenths of a second:
    /// a program that computes on the processor does not ask.
    /// </summary>
    public static IReadOnlyList<AcceleratorInfo> Accelerators =>
    [
        new(Auto, "cuda if present, else cpu", true, HasCuda ? "cuda is present" : "cuda is not available, so cpu", []),
        Found["cuda"].Value,
        Found["opencl"].Value,
        new(Cpu, "SIMD in plain C#, all cores", true, $"{Environment.ProcessorCount} processors", []),
        Found["ilgpu-cpu"].Value,
    ];

    /// <summary>Why auto takes what it takes.</summary>
    public static string AutoReason =>
        HasCuda ? "cuda is present" : $"cuda is not available ({Found["cuda"].Value.Reason}), so cpu";

    private static bool HasCuda => Found["cuda"].Value.Available;

    private static (string Name, string Description, IlgpuKind Kind)[] Kinds =>
    [
        ("cuda", "kernels on an NVIDIA GPU", IlgpuKind.Cuda),
        ("opencl", "kernels on an OpenCL device", IlgpuKind.OpenCL),
        ("ilgpu-cpu", "the GPU kernels, simulated on the CPU", IlgpuKind.Simulator),
    ];

    /// <summary>Makes a backend.</summary>
    /// <param name="accelerator">A name of <see cref="Names"/>, or "reference": plain loops, for tests.</param>
    /// <param name="threads">
    /// Threads that compute, for backends that have a choice; 0 for one on every processor, else up to <see cref="MaxThreads"/>.
    /// </param>
    /// <param name="device">Number of the device, for accelerators that have several.</param>
    /// <exception cref="ArgumentException">There is no such name, or the number of threads is out of its range.</exception>
    /// <exception cref="AcceleratorUnavailableException">It cannot run here; nothing else is put in its place.</exception>
    public static Backend<float> Create(string accelerator, int threads, int device = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MaxThreads);
        ArgumentOutOfRangeException.ThrowIfNegative(device);
        if (accelerator == "reference")
        {
            return new ReferenceBackend<float>();
        }

        if (!Names.Contains(accelerator))
        {
            throw new ArgumentException(
                $"There is no accelerator '{accelerator}'; there are {string.Join(", ", Names)}.", nameof(accelerator));
        }

        string chosen = accelerator != Auto ? accelerator : HasCuda ? "cuda" : Cpu;
        if (chosen == Cpu)
        {
            return device == 0
                ? SimdBackend.Create(threads)
                : throw new AcceleratorUnavailableException($"Accelerator '{chosen}' has no device {device}: it has device 0 alone.");
        }

        return Open(Found[chosen].Value, device);
    }

    private static IlgpuBackend Open(AcceleratorInfo info, int number)
    {
        if (!info.Available)
        {
            string present = string.Join(", ", Accelerators.Where(each => each.Available).Select(each => each.Name));
            throw new AcceleratorUnavailableException($"Accelerator '{info.Name}' is not available: {info.Reason}. Available: {present}.");
        }

        if (info.Devices.FirstOrDefault(each => each.Number == number) is not { Available: true } device)
        {
            string devices = string.Join("; ", info.Devices.Select(
                each => $"{each.Number}: {each.Name}{(each.Available ? string.Empty : $" (not usable: {each.Reason})")}"));
            throw new AcceleratorUnavailableException($"Accelerator '{info.Name}' has no usable device {number}. Devices: {devices}.");
        }

        try
        {
            return new IlgpuBackend(info.Name, Kinds.Single(kind => kind.Name == info.Name).Kind, number);
        }
        catch (Exception exception) when (exception is AcceleratorException or NotSupportedException or EntryPointNotFoundException)
        {
            throw new AcceleratorUnavailableException(
                $"Accelerator '{info.Name}' does not open device {number}, {device.Name}: {exception.Message}", exception);
        }
    }

    private static AcceleratorInfo OnDevices(string name, string description, IlgpuKind kind)
    {
        IReadOnlyList<DeviceInfo> devices = IlgpuDevices.List(kind, out string? missing);
        bool isAvailable = devices.Any(device => device.Available);
        string reason = missing ?? (isAvailable ? "present" : $"{devices[0].Name}: {devices[0].Reason}");
        return new AcceleratorInfo(name, description, isAvailable, reason, devices);
    }
}
