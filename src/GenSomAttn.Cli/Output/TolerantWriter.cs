using System.Text;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// Text for a stream that may take no more: a full disk, a terminal whose window was closed, a pipe that nobody reads. What cannot be
/// written is dropped, so that the work goes on to save; the next text is tried again, since a disk may have space by then.
/// </summary>
/// <param name="stream">Where the text goes.</param>
internal sealed class TolerantWriter(TextWriter stream) : TextWriter
{
    /// <summary>Why a text was dropped, the first time; null if all was written.</summary>
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

    /// <summary>What .NET makes of errors of write: EFBIG alone, of a file at its largest size, becomes an argument out of range.</summary>
    private static bool IsOfTheStream(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;
}
