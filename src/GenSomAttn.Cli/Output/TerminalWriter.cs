using System.Text;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// A terminal that may vanish: when its window is closed, every write to it fails, also those of a progress bar that come before the
/// signal. Then there is nobody left to read, and what is written is dropped, so that the work can go on to save.
/// </summary>
/// <param name="terminal">Where the text goes as long as there is a terminal.</param>
internal sealed class TerminalWriter(TextWriter terminal) : TextWriter
{
    private bool _isGone;

    /// <inheritdoc/>
    public override Encoding Encoding => terminal.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => terminal.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => terminal.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => terminal.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Flush() => Try(terminal.Flush);

    private void Try(Action write)
    {
        if (_isGone)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException)
        {
            _isGone = true;
        }
    }
}
