using System.Globalization;
using System.Text;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Hostile;

/// <summary>
/// Fuzz tests of the readers. Each damaged file is either read to data that round-trip, or refused with the reader's one exception, which
/// names the file, in a bounded time (a second for most) and memory. GENSOM_FUZZ_INPUTS is the number of files for each
/// reader, GENSOM_FUZZ_SEED the seed, GENSOM_FUZZ_CORPUS a folder for a <see cref="Corpus"/>.
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
        ModelReaders.Metrics, ModelReaders.Distances, ModelReaders.EpochMaps, DataReaders.Idx, DataReaders.IdxGzip, DataReaders.Hashes,
        DataReaders.ClassNames,
        NumpyReaders.Npy, NumpyReaders.Npz,
        PictureReaders.Png, PictureReaders.Jpeg, PictureReaders.Bmp, PictureReaders.Gif, PictureReaders.Webp,
    ];

    private static IEnumerable<HostileReader> Bombed => Readers.Where(reader => reader.Bombs is not null);

    private static IEnumerable<HostileReader> Texts => Readers.Where(reader => reader.IsText);

    private static IEnumerable<HostileReader> Jsons => Readers.Where(reader => reader.IsJson);

    [TestCaseSource(nameof(Readers))]
    public void Read_DamagedInAnyWay_IsTheDeclaredOrTheSame(object reader)
    {
        var hostile = (HostileReader)reader;
        HostileTrial trial = new(hostile);
        var corpus = Corpus.Open(hostile);
        Mutator mutator = new(corpus?.Reader ?? hostile, Seed);
        for (int input = 0; input < Inputs; input++)
        {
            byte[] file = mutator.Next();
            trial.Try(file);
            if (corpus?.Add(file, trial.Outcome) == true)
            {
                mutator = new Mutator(corpus.Reader, Seed + input);
            }
        }

        Report(trial, "hostile");
    }

    /// <summary>In a long run each byte takes all other values, else those that differ in one bit.</summary>
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

    [TestCaseSource(nameof(Bombed))]
    public void Read_Bomb_IsRefused(object reader)
    {
        var hostile = (HostileReader)reader;
        HostileTrial trial = new(hostile);
        foreach (byte[] bomb in hostile.Bombs!())
        {
            trial.Try(bomb, MustBeRefused);
        }

        Report(trial, "bombs");
    }

    /// <summary>A picture with the most pixels per bit: two bits for a block of 64.</summary>
    [Test]
    public void Read_LargestPictureOfFewBytes_StaysWithinTheBounds()
    {
        byte[] pixels = PictureBytes.Scan(0, 63, 0, new byte[4000 * 4000 / 64 / 4]);
        HostileTrial trial = new(PictureReaders.Jpeg);
        trial.Try(PictureBytes.Jpeg(0xC0, 4000, 4000, 0, pixels), written => written is null ? "is refused" : null);

        TestContext.Progress.WriteLine(trial.Summary("largest"));
        Assert.That(trial.Faults, Is.Empty);
    }

    [TestCaseSource(nameof(Texts))]
    public void Read_TextThatIsNotPlainUtf8_IsRefused(object reader)
    {
        var hostile = (HostileReader)reader;
        HostileTrial trial = new(hostile);
        byte[] seed = hostile.Seeds[0];
        string text = Encoding.UTF8.GetString(seed);
        byte[][] others =
        [
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
            Encoding.Unicode.GetBytes(text), Encoding.BigEndianUnicode.GetBytes(text), Encoding.UTF32.GetBytes(text),
            [.. seed, 0], [.. seed, 0xFF], [.. seed, 0xC3], [0xED, 0xA0, 0x80, .. seed], [0xC0, 0xAF, .. seed], [0, .. seed],
        ];
        foreach (byte[] other in others)
        {
            trial.Try(other, MustBeRefused);
        }

        // Editors may write a byte-order mark at the start of a configuration, which users may edit.
        byte[] marked = [.. Encoding.UTF8.Preamble, .. seed];
        trial.Try(marked, hostile.Name.EndsWith("config", StringComparison.Ordinal) ? MustBeAccepted : MustBeRefused);
        Report(trial, "encodings");
    }

    /// <summary>Replaces each number by NaN or one out of range, and duplicates each key, literally or with an escape.</summary>
    [TestCaseSource(nameof(Jsons))]
    public void Read_NumberThatIsNoneOrKeyTwice_IsRefused(object reader)
    {
        var hostile = (HostileReader)reader;
        HostileTrial trial = new(hostile);
        byte[] seed = hostile.Seeds[0];
        List<JsonPlace> places = JsonText.Find(seed);
        foreach (JsonPlace place in places.Where(place => places.Any(around => around.Start < place.Start && around.End > place.End)))
        {
            byte[][] others = char.IsAsciiDigit((char)seed[place.Start])
                ? ModelReaders.Texts(
                    "", "NaN", "Infinity", "1e400", "-1e400", "\"1\"", "[1]", "{}", "0x1", "01", "true", new string('9', 400))
                : [];
            foreach (byte[] other in others)
            {
                TryWith([.. seed.AsSpan(0, place.Start), .. other, .. seed.AsSpan(place.End)]);
            }

            if (place.Key >= 0)
            {
                byte[] member = seed[place.Key..place.End];
                byte[] escaped = [.. member.AsSpan(0, 1), .. Encoding.ASCII.GetBytes($"\\u{member[1]:x4}"), .. member.AsSpan(2)];
                TryWith([.. seed.AsSpan(0, place.End), (byte)',', .. member, .. seed.AsSpan(place.End)]);
                TryWith([.. seed.AsSpan(0, place.End), (byte)',', .. escaped, .. seed.AsSpan(place.End)]);
            }
        }

        Report(trial, "json");

        void TryWith(byte[] changed) => trial.Try(hostile.Repair?.Invoke(changed) ?? changed, MustBeRefused);
    }

    private static string? MustBeAccepted(byte[]? written) => written is null ? "is refused" : null;

    private static string? MustBeRefused(byte[]? written) => written is null ? null : "is accepted";

    /// <summary>Returns whether the read data are those of the undamaged file, if the reader can detect the damage.</summary>
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
