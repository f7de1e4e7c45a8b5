using System.Diagnostics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>
/// A tmpfs volume with a size or permission that the test chooses. It is mounted in the mount namespace of a helper process, visible to
/// others below that process's root in /proc, and vanishes with the process.
/// </summary>
internal sealed class SmallVolume : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private SmallVolume(string options)
    {
        ProcessStartInfo start = new("unshare")
        {
            ArgumentList =
            {
                "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o \"$1\" tmpfs \"$2\" && echo ready && read wait",
                "sh", options, _folder.Path,
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
    }

    /// <summary>The volume's folder.</summary>
    public string Path => $"/proc/{_process.Id}/root{_folder.Path}";

    /// <summary>Mounts a volume; skips the test with the reason if that is not allowed.</summary>
    /// <param name="options">Those of mount, such as size=1m.</param>
    public static SmallVolume MountOrSkip(string options)
    {
        SmallVolume volume = new(options);
        if (volume._process.StandardOutput.ReadLine() != "ready")
        {
            string reason = volume._process.StandardError.ReadToEnd().Trim();
            volume.Dispose();
            Assert.Ignore($"No volume can be mounted here: {reason}");
        }

        return volume;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
