using GenSomAttn.Backends;

namespace GenSomAttn.Cli;

/// <summary>Makes the backend that the user asked for.</summary>
internal static class AcceleratorSelection
{
    private const string Auto = "auto";

    /// <summary>Makes it; if the choice was left to the program, says on stderr what it chose and why.</summary>
    /// <exception cref="AcceleratorUnavailableException">It cannot run here.</exception>
    public static IBackend Open(string name, int threads, int device)
    {
        IBackend backend = BackendFactory.Create(name, threads, device);
        if (name == Auto)
        {
            Console.Error.WriteLine($"accelerator: {backend.Name} ({backend.Description}), chosen by auto: {BackendFactory.AutoReason}");
        }

        return backend;
    }
}
