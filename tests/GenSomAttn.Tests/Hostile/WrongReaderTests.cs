using System.Text;
using GenSomAttn.Formats;
using NUnit.Framework;

namespace GenSomAttn.Tests.Hostile;

/// <summary>The trial detects the faults of readers that are wrong on purpose, so it would detect them in the program's readers.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WrongReaderTests
{
    [Test]
    public void Try_ReaderThatIsRight_FindsNothing() => Assert.That(Faults(Reader(bytes => bytes)), Is.Empty);

    [Test]
    public void Try_ReaderThatReadsBeyondTheEnd_FindsIt() =>
        Finds(Reader(bytes => bytes[..(Array.IndexOf(bytes, (byte)';') + 1 + bytes[0] - 'a')]), nameof(ArgumentOutOfRangeException));

    [Test]
    public void Try_ReaderOfAnotherException_FindsIt() =>
        Finds(
            Reader(bytes => bytes.Contains((byte)0) ? throw new FormatException(HostileReader.FileName) : bytes), nameof(FormatException));

    [Test]
    public void Try_ReaderThatDoesNotNameTheFile_FindsIt() =>
        Finds(Reader(bytes => bytes.Contains((byte)0) ? throw new DataException("something is wrong") : bytes), "does not name the file");

    [Test]
    public void Try_SlowReader_FindsIt()
    {
        HostileTrial trial = new(Reader(bytes =>
        {
            var clock = ReadingTime.Start();
            while ((bytes.Length == 0) && (clock.Elapsed.TotalSeconds < 1.1))
            {
            }

            return bytes;
        }));
        trial.Try([]);

        Assert.That(trial.Faults, Has.One.Contains("takes 1."));
    }

    [Test]
    public void Try_ReaderThatTakesMemoryForALengthThatLies_FindsIt() =>
        Finds(Reader(bytes =>
        {
            byte[] values = new byte[bytes.Length > 2 ? bytes[2] << 10 : 0];
            return values.Length > 100_000 ? throw new DataException(HostileReader.FileName) : bytes;
        }), "allocates");

    [Test]
    public void Try_ReaderThatWritesDifferently_FindsIt() =>
        Finds(Reader(bytes => bytes.Contains((byte)0) ? [.. bytes, 1] : bytes), "written differently");

    [Test]
    public void Try_ReaderThatCannotWrite_FindsIt() =>
        Finds(Reader(bytes => bytes.Contains((byte)0) ? null! : bytes), "cannot be written");

    [Test]
    public void Try_ReaderThatChangesItsInput_FindsIt() =>
        Finds(Reader(bytes =>
        {
            bytes[^1] |= (byte)(bytes[0] & 1);
            return bytes;
        }), "changes its input");

    [Test]
    public void Try_ReaderThatRefusesAValidFile_FindsIt()
    {
        HostileReader reader = Reader(_ => throw new DataException(HostileReader.FileName));
        Assert.That(new HostileTrial(reader).Faults, Has.One.Contains("a valid file is refused"));
    }

    [Test]
    public void Next_TheSameSeed_GivesTheSameFiles()
    {
        (Mutator one, Mutator same, Mutator other) = (new(ModelReaders.Checkpoint, 1), new(ModelReaders.Checkpoint, 1),
            new(ModelReaders.Checkpoint, 2));
        byte[][] files = [.. Enumerable.Range(0, 200).Select(_ => one.Next())];

        Assert.That(Enumerable.Range(0, 200).Select(_ => same.Next()), Is.EqualTo(files));
        Assert.That(Enumerable.Range(0, 200).Select(_ => other.Next()), Is.Not.EqualTo(files));
    }

    [Test]
    public void Find_ValuesOfAnObject_HaveTheirKeys()
    {
        const string Text = """xx{"a" : [1,"b\"c"],"d":{"e":null}}""";
        byte[] bytes = Encoding.ASCII.GetBytes(Text);

        string[] found = [.. JsonText.Find(bytes).Select(place => Text[(place.Key < 0 ? place.Start : place.Key)..place.End])];

        string[] expected = ["xx", "1", "\"b\\\"c\"", "\"a\" : [1,\"b\\\"c\"]", "\"e\":null", "\"d\":{\"e\":null}", Text[2..]];
        Assert.That(found, Is.EqualTo(expected));
    }

    private static HostileReader Reader(Func<byte[], byte[]> read) => new()
    {
        Name = "wrong",
        Read = bytes =>
        {
            byte[] result = read(bytes);
            return () => [.. result];
        },
        Refusal = typeof(DataException),
        Seeds = ["ab;"u8.ToArray()],
        Guard = Guard.Form,
        Memory = (4, 1 << 14),
    };

    private static void Finds(HostileReader reader, string fault) => Assert.That(Faults(reader), Has.Some.Contains(fault));

    /// <summary>A thousand files suffice for such obvious faults.</summary>
    private static IReadOnlyList<string> Faults(HostileReader reader)
    {
        HostileTrial trial = new(reader);
        Mutator mutator = new(reader, 1);
        for (int input = 0; input < 1000; input++)
        {
            trial.Try(mutator.Next());
        }

        return trial.Faults;
    }
}
