namespace GenSomAttn.Tests.Hostile;

/// <summary>Kinds of damage that a reader can detect in a valid file.</summary>
internal enum Guard
{
    /// <summary>Syntax only: a changed digit is another number, and a cut between two lines leaves a shorter file.</summary>
    Form,

    /// <summary>Syntax and length: cut or appended bytes are detected.</summary>
    Length,

    /// <summary>Every meaningful byte.</summary>
    Checksum,
}

/// <summary>A reader of untrusted files.</summary>
internal sealed record HostileReader
{
    /// <summary>File name that readers receive.</summary>
    public const string FileName = "hostile.file";

    /// <summary>Name of the format.</summary>
    public required string Name { get; init; }

    /// <summary>Reads the content of a file. The result writes the read data as a file that must read as the same data.</summary>
    public required Func<byte[], Func<byte[]>> Read { get; init; }

    /// <summary>The one exception type with which it refuses a file.</summary>
    public required Type Refusal { get; init; }

    /// <summary>Text that the message of that exception must contain: the file name, if the reader receives it.</summary>
    public string Named { get; init; } = FileName;

    /// <summary>Small valid files.</summary>
    public required IReadOnlyList<byte[]> Seeds { get; init; }

    /// <summary>Meaningful tokens of the format.</summary>
    public IReadOnlyList<byte[]> Tokens { get; init; } = [];

    /// <summary>Whether the format is text, in which only valid UTF-8 is allowed.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether the format contains JSON, in which each number and each key matters.</summary>
    public bool IsJson { get; init; }

    /// <summary>Makes files that would take excessive time or memory: all must be refused. Null if other tests cover them.</summary>
    public Func<IEnumerable<byte[]>>? Bombs { get; init; }

    /// <summary>Repairs lengths and checksums, so that other damage gets past them.</summary>
    public Func<byte[], byte[]>? Repair { get; init; }

    /// <summary>Damage that the reader detects.</summary>
    public required Guard Guard { get; init; }

    /// <summary>Time that a file may take.</summary>
    public TimeSpan Slowest { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes that it may allocate per byte of the file, and a constant for any file.</summary>
    public required (int PerByte, int Constant) Memory { get; init; }

    /// <summary>Name, used for the test.</summary>
    public override string ToString() => Name;
}
