using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;

namespace GenSomAttn.Cli.Loading;

/// <summary>Creates the backend that --accelerator names.</summary>
internal static class AcceleratorSelection
{
    /// <summary>The default: cuda if present, else cpu.</summary>
    public const string Auto = "auto";

    /// <summary>Creates the backend; with auto, reports on stderr which one was chosen and why.</summary>
    /// <exception cref="AcceleratorUnavailableException">It cannot run here.</exception>
    public static Backend<float> Open(string name, int threads, int device)
    {
        Backend<float> backend = BackendFactory.Create(name, threads, device);
        if (name == Auto)
        {
            Console.Error.WriteLine($"accelerator: {backend.Name} ({backend.Description}), chosen by auto: {BackendFactory.AutoReason}");
        }

        return backend;
    }
}
