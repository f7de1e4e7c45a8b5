using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Ranks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Processes that a launcher started together, without one: its variables, and what ranks tell each other.</summary>
public sealed class RankTests
{
    private static readonly RankFacts Facts = RankFacts.Of(new TrainingSettings { Shards = 8 }, "ab12", "cpu");

    private static IEnumerable<TestCaseData> Problems =>
    [
        Case(Facts with { Program = "0.0.9" }, 4, "rank 1 on far runs version 0.0.9, rank 0 "),
        Case(Facts with { VectorBits = 64 }, 4, "rank 1 on far has vectors of 64 bits, rank 0 of "),
        Case(Facts with { Accelerator = "cuda" }, 4, "rank 1 on far computes on cuda, rank 0 on cpu"),
        Case(Facts with { DataSha256 = "cd34" }, 3, "rank 1 on far reads other data than rank 0: their SHA-256 is cd34 instead of ab12"),
        Case(Facts with { Settings = new TrainingSettings { Shards = 4 } }, 2, "shards is 4 instead of 8"),
        Case(RankFacts.Of(new UsageException("--map is out of range.")), 2, "rank 1 on far: --map is out of range."),
    ];

    [TestCaseSource(nameof(Problems))]
    public void ProblemOf_OneRankThatDiffers_NamesItAndWhy(object other, int exitCode, string message)
    {
        RankFacts[] all = [Facts, ((RankFacts)other) with { Host = "far" }];

        (string Message, int ExitCode)? problem = RankFacts.ProblemOf([.. all.Select(facts => RankFacts.Parse(facts.ToBytes()))]);

        Assert.That(problem?.Message, Does.Contain(message));
        Assert.That(problem?.ExitCode, Is.EqualTo(exitCode));
    }

    [Test]
    public void ProblemOf_TheSameFaultOnAll_NamesNoRank()
    {
        RankFacts fault = RankFacts.Of(new ArgumentException("no such thing"));

        Assert.That(RankFacts.ProblemOf([fault, fault])?.Message, Is.EqualTo("no such thing"));
        Assert.That(RankFacts.ProblemOf([Facts, Facts]), Is.Null);
    }

    [Test]
    public void Run_VerbOfOneProcessStartedAsSeveral_IsRefusedByRankZero()
    {
        ProgramRun first = Run(0, "devices");
        ProgramRun second = Run(1, "devices");

        Assert.That((first.ExitCode, second.ExitCode), Is.EqualTo((2, 2)));
        Assert.That(first.Error, Does.Contain("devices works in one process, and 2 were started together"));
        Assert.That(second.Error + second.Output, Is.Empty);
    }

    [Test]
    public void Run_TrainingWithoutALibrary_Exits4AndNamesIt()
    {
        using TemporaryFolder folder = new();
        ProgramRun run = Run(0, "train", "--shards", "2", "--mpi-library", "/nowhere/libmpi.so", "--output", folder.File("runs"));

        Assert.That(run.ExitCode, Is.EqualTo(4));
        Assert.That(run.Error, Does.Contain("There is no MPI library: /nowhere/libmpi.so"));
        Assert.That(Directory.Exists(folder.File("runs")), Is.False);
    }

    /// <summary>Runs the program as Open MPI's mpirun starts a rank of two.</summary>
    private static ProgramRun Run(int rank, params string[] arguments) => ProgramRun.With(
        [new("OMPI_COMM_WORLD_RANK", $"{rank}"), new("OMPI_COMM_WORLD_SIZE", "2")], arguments);

    private static TestCaseData Case(RankFacts other, int exitCode, string message) => new(other, exitCode, message);
}
