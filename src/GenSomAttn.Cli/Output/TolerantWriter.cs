using System.Text;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// Writer for a stream that may fail: a full disk, a closed terminal, a broken pipe. Text that cannot be written is dropped, so that the
/// work continues and saves; the next text is tried again, because the disk may have space by then.
/// </summary>
/// <param name="stream">The underlying stream.</param>
internal sealed class TolerantWriter(TextWriter stream) : TextWriter
{
    /// <summary>The first write error; null if all text was written.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override Encoding Encoding => stream.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => stream.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => stream.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => stream.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Flush() => Try(stream.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (IsOfTheStream(exception))
        {
            Failure ??= exception;
        }
    }

    /// <summary>Returns whether an exception is a write error; .NET maps EFBIG (file too large) to ArgumentOutOfRangeException.</summary>
    private static bool IsOfTheStream(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
