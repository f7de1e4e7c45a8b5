using System.Diagnostics;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>A folder with a driver's library that shadows the system's: a compiled stub, or a file that is no such library.</summary>
public sealed class StubDriver : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _library;

    private StubDriver(string library) => _library = _folder.File(library);

    /// <summary>Environment variable that shadows the system's library.</summary>
    public KeyValuePair<string, string?> Variable => new("LD_LIBRARY_PATH", _folder.Path);

    /// <summary>Compiles a library from these C functions; skips the test if there is no compiler.</summary>
    public static StubDriver CompileOrSkip(string library, string code)
    {
        StubDriver stub = new(library);
        string source = stub._folder.File("stub.c");
        File.WriteAllText(source, code);
        ProcessStartInfo start = new("cc", ["-shared", "-fPIC", "-o", stub._library, source]);
        try
        {
            using Process compiler = Process.Start(start)!;
            compiler.WaitForExit();
            Assert.That(compiler.ExitCode, Is.Zero);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            stub.Dispose();
            Assert.Ignore("No library can be imitated here: there is no compiler named cc.");
        }

        return stub;
    }

    /// <summary>Writes a file that is no library.</summary>
    public static StubDriver Text(string library)
    {
        StubDriver stub = new(library);
        File.WriteAllText(stub._library, "no library");
        return stub;
    }

    /// <summary>Copies a library of .NET, which has no driver functions.</summary>
    /// <param name="library">File name.</param>
    /// <param name="isForeign">Whether its header names a processor that does not exist.</param>
    public static StubDriver Other(string library, bool isForeign)
    {
        const int Machine = 18;
        if (isForeign && NativeLibrary.TryLoad(library, out _))
        {
            Assert.Ignore($"The system has a {library}: its loader passes over one for another processor and takes that.");
        }

        StubDriver stub = new(library);
        byte[] content = File.ReadAllBytes(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so"));
        if (isForeign)
        {
            content[Machine] = content[Machine + 1] = 0xee;
        }

        File.WriteAllBytes(stub._library, content);
        return stub;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
