using System.Text;

namespace GenSomAttn.Cli.Ranks;

/// <summary>stdout and stderr of a rank other than 0: silent, or with --verbose, stderr with its number before each line.</summary>
internal static class RankOutput
{
    private static (TextWriter Output, TextWriter Error)? _streams;
    private static PrefixWriter? _prefixed;

    /// <summary>Silences the streams of this rank.</summary>
    public static void Silence(int rank, bool verbose)
    {
        _streams ??= (Console.Out, Console.Error);
        _prefixed ??= new PrefixWriter(Console.Error, $"rank {rank}: ");
        Console.SetOut(TextWriter.Null);
        Console.SetError(verbose ? _prefixed : TextWriter.Null);
    }

    /// <summary>Lets this rank write to stderr again, with its number before each line: the others do not know of its fault.</summary>
    public static void RestoreError()
    {
        if (_prefixed is not null)
        {
            Console.SetError(_prefixed);
        }
    }

    /// <summary>Lets this rank print in place of rank 0, which has ended.</summary>
    public static void Restore()
    {
        if (_streams is { } streams)
        {
            Console.SetOut(streams.Output);
            Console.SetError(streams.Error);
        }
    }

    /// <summary>Writer that begins each line with a prefix, and writes whole lines only.</summary>
    private sealed class PrefixWriter(TextWriter next, string prefix) : TextWriter
    {
        private readonly StringBuilder _line = new();
        private readonly Lock _gate = new();

        public override Encoding Encoding => next.Encoding;

        public override void Write(char value)
        {
            lock (_gate)
            {
                _line.Append(value);
                if (value == '\n')
                {
                    next.Write(prefix + _line);
                    _line.Clear();
                }
            }
        }
    }
}
