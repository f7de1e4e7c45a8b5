namespace GenSomAttn.Backends;

/// <summary>
/// Work that is run again and again (<see cref="Backend{T}.CaptureStep"/>). Here it simply runs; a CUDA graph replays it.
/// </summary>
/// <param name="work">The work.</param>
public class CapturedStep(Action work) : IDisposable
{
    /// <summary>Runs the work once.</summary>
    public virtual void Run() => work();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what was captured.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
