namespace GenSomAttn.Tests.Hostile;

/// <summary>What a reader sees to be wrong with a valid file that was damaged.</summary>
internal enum Guard
{
    /// <summary>Its form alone: another digit is another number, and a cut between two lines leaves a shorter file.</summary>
    Form,

    /// <summary>Its end too: what is cut off or added has said nothing.</summary>
    Length,

    /// <summary>Every byte that says something.</summary>
    Checksum,
}

/// <summary>A reader of files that anyone may have written.</summary>
internal sealed record HostileReader
{
    /// <summary>What readers are told that the file is called.</summary>
    public const string FileName = "hostile.file";

    /// <summary>The format.</summary>
    public required string Name { get; init; }

    /// <summary>Reads the content of a file. The result writes what was read: a file that must read as the same again.</summary>
    public required Func<byte[], Func<byte[]>> Read { get; init; }

    /// <summary>The one exception by which it refuses a file.</summary>
    public required Type Refusal { get; init; }

    /// <summary>What the message of that exception must hold: the name, where the reader is told it.</summary>
    public string Named { get; init; } = FileName;

    /// <summary>Small valid files.</summary>
    public required IReadOnlyList<byte[]> Seeds { get; init; }

    /// <summary>Pieces that mean something in the format.</summary>
    public IReadOnlyList<byte[]> Tokens { get; init; } = [];

    /// <summary>Whether it is a text, so that only plain UTF-8 is right.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether it holds JSON, in which each number and each key matters.</summary>
    public bool IsJson { get; init; }

    /// <summary>Makes files that would take time or memory: none of them may be read. Null where other tests have them.</summary>
    public Func<IEnumerable<byte[]>>? Bombs { get; init; }

    /// <summary>Makes lengths and checksums fit again, so that other damage comes as far as possible.</summary>
    public Func<byte[], byte[]>? Repair { get; init; }

    /// <summary>What it sees to be wrong.</summary>
    public required Guard Guard { get; init; }

    /// <summary>Bytes that it may allocate for each byte of the file, and how many more for any file.</summary>
    public required (int PerByte, int Constant) Memory { get; init; }

    /// <summary>The name, which is the test's.</summary>
    public override string ToString() => Name;
}
