using System.Text.Json;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Formats;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Ranks;

/// <summary>What a rank tells the others before the first step: all but its place must be the same on each.</summary>
internal sealed record RankFacts
{
    /// <summary>Name of the machine.</summary>
    public required string Host { get; init; }

    /// <summary>Number of the process there.</summary>
    public required int Process { get; init; }

    /// <summary>Version and commit of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Bits of a vector register: sums of another width have other bits.</summary>
    public required int VectorBits { get; init; }

    /// <summary>The accelerator.</summary>
    public string Accelerator { get; init; } = "";

    /// <summary>The settings of the training; null after a fault.</summary>
    public TrainingSettings? Settings { get; init; }

    /// <summary>SHA-256 of the data.</summary>
    public string DataSha256 { get; init; } = "";

    /// <summary>The fault of the rank; null if there is none.</summary>
    public string? Fault { get; init; }

    /// <summary>Exit code of the fault.</summary>
    public int ExitCode { get; init; }

    /// <summary>Returns the facts of a rank whose training is prepared.</summary>
    public static RankFacts Of(TrainingSettings settings, string dataSha256, string accelerator) =>
        Own() with { Settings = settings, DataSha256 = dataSha256, Accelerator = accelerator };

    /// <summary>Returns the facts of a rank whose training cannot begin.</summary>
    public static RankFacts Of(Exception fault) =>
        Own() with { Fault = ErrorReport.MessageOf(fault), ExitCode = ErrorReport.CodeOf(fault) };

    /// <summary>Reads <see cref="ToBytes"/>.</summary>
    public static RankFacts Parse(byte[] bytes) => JsonSerializer.Deserialize<RankFacts>(bytes, StrictJson.Line)!;

    /// <summary>Returns the facts for the other ranks.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, StrictJson.Line);

    /// <summary>Finds why ranks cannot train together; null if they can.</summary>
    /// <param name="all">The facts of all ranks, by rank.</param>
    public static (string Message, int ExitCode)? ProblemOf(IReadOnlyList<RankFacts> all)
    {
        RankFacts first = all[0];
        if (first.Fault is not null && all.All(facts => facts.Fault == first.Fault))
        {
            return (first.Fault, first.ExitCode);
        }

        for (int rank = 0; rank < all.Count; rank++)
        {
            if (all[rank].Fault is { } fault)
            {
                return ($"rank {rank} on {all[rank].Host}: {fault}", all[rank].ExitCode);
            }
        }

        for (int rank = 1; rank < all.Count; rank++)
        {
            if (first.DifferenceFrom(all[rank]) is { } difference)
            {
                return ($"rank {rank} on {all[rank].Host} {difference.Message}", difference.ExitCode);
            }
        }

        return null;
    }

    /// <summary>Describes ranks by machine and process: mpirun names a process that was killed, and not always its rank.</summary>
    public static string Places(IReadOnlyList<RankFacts> all)
    {
        const int MaxListed = 64;
        IEnumerable<string> places = all.Take(MaxListed).Select((facts, rank) => $"{rank} {facts.Host}:{facts.Process}");
        return $"{all.Count} ranks: {string.Join(", ", places)}{(all.Count > MaxListed ? ", ..." : "")}";
    }

    private static RankFacts Own()
    {
        string program = ProgramInfo.Commit is { } commit ? $"{ProgramInfo.Version}+{commit}" : ProgramInfo.Version;
        return new RankFacts
        {
            Host = Environment.MachineName,
            Process = Environment.ProcessId,
            Program = program,
            VectorBits = SimdBackend.VectorBits,
        };
    }

    private (string Message, int ExitCode)? DifferenceFrom(RankFacts other)
    {
        if (other.Program != Program)
        {
            return ($"runs version {other.Program}, rank 0 {Program}: start the same build everywhere.", ExitCodes.Accelerator);
        }

        if (other.Accelerator != Accelerator)
        {
            return ($"computes on {other.Accelerator}, rank 0 on {Accelerator}: name one with --accelerator.", ExitCodes.Accelerator);
        }

        if (other.VectorBits != VectorBits)
        {
            string remedy = "set DOTNET_EnableAVX512=0, or DOTNET_EnableAVX2=0 too, on all of them.";
            return ($"has vectors of {other.VectorBits} bits, rank 0 of {VectorBits}: {remedy}", ExitCodes.Accelerator);
        }

        if (other.DataSha256 != DataSha256)
        {
            return ($"reads other data than rank 0: their SHA-256 is {other.DataSha256} instead of {DataSha256}.", ExitCodes.DataOrFile);
        }

        return other.Settings == Settings ? null
            : ($"has other settings than rank 0: {other.Settings!.DifferencesFrom(Settings!)}.", ExitCodes.Usage);
    }
}
