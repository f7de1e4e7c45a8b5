using System.Globalization;
using NUnit.Framework;

namespace GenSomAttn.Tests.Hostile;

/// <summary>
/// Readers get files that are damaged in every way that a machine can think of. Each file is read to something that reads as the same when
/// written again, or is refused by the reader's one exception, which names it, in less than a second and in memory that is bounded by its
/// length. GENSOM_FUZZ_INPUTS is the number of files for each reader, GENSOM_FUZZ_SEED what they begin from.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostileTests
{
    private const int UsualInputs = 20_000;

    private static readonly int Inputs = Setting("GENSOM_FUZZ_INPUTS", UsualInputs);
    private static readonly int Seed = Setting("GENSOM_FUZZ_SEED", 1);

    private static IEnumerable<HostileReader> Readers { get; } =
    [
        ModelReaders.Safetensors, ModelReaders.Checkpoint, ModelReaders.RunConfiguration, ModelReaders.PartialConfiguration,
        ModelReaders.Metrics, DataReaders.Idx, DataReaders.IdxGzip, DataReaders.Hashes, DataReaders.ClassNames,
    ];

    [TestCaseSource(nameof(Readers))]
    public void Read_DamagedInAnyWay_IsTheDeclaredOrTheSame(object reader)
    {
        var hostile = (HostileReader)reader;
        HostileTrial trial = new(hostile);
        Mutator mutator = new(hostile, Seed);
        for (int input = 0; input < Inputs; input++)
        {
            trial.Try(mutator.Next());
        }

        Report(trial, "hostile");
    }

    /// <summary>In a long run each byte takes all other values, else those that differ in a bit.</summary>
    [TestCaseSource(nameof(Readers))]
    public void Read_AnyByteChanged_IsTheDeclaredOrTheSame(object reader)
    {
        var hostile = (HostileReader)reader;
        HostileTrial trial = new(hostile);
        byte[] differences = Inputs > UsualInputs
            ? [.. Enumerable.Range(1, 255).Select(difference => (byte)difference)]
            : [1, 2, 4, 8, 16, 32, 64, 128];
        foreach (byte[] seed in hostile.Seeds)
        {
            Func<byte[]?, string?> judge = Judge(hostile, seed, Guard.Checksum);
            for (int position = 0; position < seed.Length; position++)
            {
                foreach (byte difference in differences)
                {
                    byte[] changed = [.. seed];
                    changed[position] ^= difference;
                    trial.Try(changed, judge);
                }
            }
        }

        Report(trial, "flips");
    }

    [TestCaseSource(nameof(Readers))]
    public void Read_CutAnywhereOrLonger_IsTheDeclaredOrTheSame(object reader)
    {
        var hostile = (HostileReader)reader;
        HostileTrial trial = new(hostile);
        foreach (byte[] seed in hostile.Seeds)
        {
            Func<byte[]?, string?> judge = Judge(hostile, seed, Guard.Length);
            for (int length = 0; length < seed.Length; length++)
            {
                trial.Try(seed[..length], judge);
            }

            for (int last = 0; last < 256; last++)
            {
                trial.Try([.. seed, (byte)last], judge);
            }
        }

        Report(trial, "cuts");
    }

    /// <summary>Whether what was read is what the undamaged file holds, if the reader can tell at all.</summary>
    private static Func<byte[]?, string?> Judge(HostileReader reader, byte[] seed, Guard needed)
    {
        byte[] intact = reader.Read(seed)();
        return written => (reader.Guard < needed) || (written is null) || written.AsSpan().SequenceEqual(intact)
            ? null
            : "reads as another file";
    }

    private static void Report(HostileTrial trial, string what)
    {
        TestContext.Progress.WriteLine(trial.Summary(what));
        Assert.That(trial.Faults, Is.Empty);
        Assert.That(trial.Refused, Is.Positive, "nothing was damaged");
    }

    private static int Setting(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
