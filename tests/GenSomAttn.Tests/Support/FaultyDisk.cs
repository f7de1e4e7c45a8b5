using GenSomAttn.Formats;

namespace GenSomAttn.Tests.Support;

/// <summary>Kinds of faults of a disk operation.</summary>
public enum DiskFault
{
    /// <summary>The operation fails with an I/O error.</summary>
    Error,

    /// <summary>Half is written, then the disk is full.</summary>
    NoSpace,

    /// <summary>Half is written without an error.</summary>
    ShortWrite,

    /// <summary>
    /// The process is killed before the operation, or in the middle of a write: nothing runs afterwards, no cleanup either.
    /// </summary>
    Kill,

    /// <summary>The process is killed after the operation.</summary>
    KillAfter,
}

/// <summary>Exception that simulates the kill of the process; no code may catch it.</summary>
internal sealed class KilledException : Exception;

/// <summary>The real disk with faults at some operations. It also records its operations.</summary>
/// <param name="fails">Whether the operation of a number, counted from 0, fails.</param>
/// <param name="fault">Kind of the fault.</param>
internal sealed class FaultyDisk(Func<int, bool> fails, DiskFault fault) : IDisk
{
    private readonly IDisk _disk = AtomicFiles.OnDisk.Disk;
    private bool _isDead;

    /// <summary>Makes a disk with a fault at one operation, or at several, one after another.</summary>
    /// <param name="failingOperation">Number of the first; a negative one for none.</param>
    /// <param name="fault">Kind of the fault.</param>
    /// <param name="count">Number of operations that fail.</param>
    public FaultyDisk(int failingOperation, DiskFault fault, int count = 1)
        : this(operation => failingOperation >= 0 && operation >= failingOperation && operation < failingOperation + count, fault)
    {
    }

    /// <summary>The recorded operations with their file names.</summary>
    public List<string> Log { get; } = [];

    private bool IsFailing => fails(Log.Count);

    public FileStream Create(string path, long length) => Do(nameof(Create), path, () => _disk.Create(path, length));

    public void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        bool isFailing = IsFailing;
        if (isFailing && fault != DiskFault.Error && fault != DiskFault.KillAfter)
        {
            _disk.Write(file, copy.AsSpan(0, copy.Length / 2));
        }

        Do(nameof(Write), file.Name, () =>
        {
            if (!isFailing || fault == DiskFault.KillAfter)
            {
                _disk.Write(file, copy);
            }
        });
    }

    public void Flush(FileStream file) => Do(nameof(Flush), file.Name, () => _disk.Flush(file));

    public Stream OpenRead(string path) => Do(nameof(OpenRead), path, () => _disk.OpenRead(path));

    public void Rename(string path, string newPath) => Do(nameof(Rename), newPath, () => _disk.Rename(path, newPath));

    public void FlushFolder(string folder) => Do(nameof(FlushFolder), folder, () => _disk.FlushFolder(folder));

    public void Delete(string path) => Do(nameof(Delete), path, () => _disk.Delete(path));

    public long FreeBytes(string folder) => _disk.FreeBytes(folder);

    private void Do(string operation, string path, Action action) => Do<object?>(operation, path, () =>
    {
        action();
        return null;
    });

    private T Do<T>(string operation, string path, Func<T> action)
    {
        if (_isDead)
        {
            throw new KilledException();
        }

        bool isFailing = IsFailing;
        Log.Add($"{operation} {Path.GetFileName(path)}");
        bool isSilent = fault == DiskFault.ShortWrite && operation == nameof(Write);
        if (!isFailing || isSilent)
        {
            return action();
        }

        _isDead = fault is DiskFault.Kill or DiskFault.KillAfter;
        if (fault == DiskFault.KillAfter)
        {
            (action() as IDisposable)?.Dispose();
        }

        throw _isDead ? new KilledException() : new IOException($"{operation} fails, as the test wants");
    }
}
