using System.Text.Json;
using System.Text.RegularExpressions;
using GenSomAttn.Cli.Advising;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Advice on runs: each fault alone is found, and every number that is said to be measured is in the page that is named.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class AdviseTests
{
    /// <summary>A good training on many images: te4 as its final sigma of 0.6 gives it.</summary>
    private static readonly RunFacts Good = new()
    {
        Run = "7",
        Settings = new TrainingSettings { Epochs = 3, SigmaEnd = 0.6 },
        TrainingImages = 60_000,
        TestImages = 10_000,
        Rows = [Row(0, null, 0.6), Row(1, 0.03, 0.6), Row(2, 0.0201, 0.6), Row(3, 0.02, 0.6)],
        UnlikeUnits = 0,
        CopyShare = 0.01,
    };

    private static readonly TestCaseData[] Faults =
    [
        new(Good with { Rows = [Row(0, null, 0.6), Row(1, 0.03, 0.6), Row(3, 0.02, 0.6)] }, "loss", "33 %"),
        new(Good with { TrainingImages = 640 }, "images", "640 training images for 144 units are 4.4"),
        new(WithNewest(Row(3, 0.02, 0.6) with { UnitsUsed = 24 }), "dead units", "120 of 144 units"),
        new(WithNewest(Row(3, 0.02, 0.6) with { Te4 = 0.4 }), "order", "this one is folded"),
        new(WithNewest(Row(3, 0.02, 0.5) with { Te4 = 0.239 }), "order", "not folded"),
        new(WithNewest(Row(3, 0.02, 0.6) with { Te6 = 0.12 }), "order", "had about 0.082: this one is folded"),
        new(WithNewest(Row(3, 0.02, 0.4) with { Te6 = 0.22 }), "order", "had about 0.221: this one is not folded"),
        new(Good with { UnlikeUnits = 5 }, "unlike units", "5 of 144 units"),
        new(Good with { CopyShare = 0.2 }, "copies", "20 % of the samples"),
    ];

    [Test]
    public void Advisor_GoodRun_HasNothingToSay() => Assert.That(Advisor.Of(Good), Is.Empty);

    [Test]
    public void Advisor_RunBeforeItsFirstEpoch_HasNothingToSay()
        => Assert.That(Advisor.Of(Good with { Rows = [Row(0, null, 4)], TrainingImages = 10 }), Is.Empty);

    [TestCaseSource(nameof(Faults))]
    public void Advisor_OneFault_IsFoundAlone(object facts, string topic, string said)
    {
        IReadOnlyList<Advice> advice = Advisor.Of((RunFacts)facts);

        Assert.That(advice.Select(one => one.Topic), Is.EqualTo((string[])[topic]));
        Assert.That(advice[0].Finding, Does.Contain(said));
        Assert.That(advice[0].Change, Does.Contain("--"));
    }

    [TestCaseSource(nameof(Faults))]
    public void Advisor_MeasuredNumbers_AreInThePage(object facts, string topic, string said)
    {
        Advice advice = Advisor.Of((RunFacts)facts).Single();
        string page = File.ReadAllText(Path.Combine(Repository.Root, advice.Source.Split(',')[0]));
        string[] numbers = [.. Numbers().Matches(advice.Measured).Select(match => match.Value)];

        Assert.That(numbers, Has.Length.GreaterThan(1), $"{topic}: {said}");
        Assert.That(numbers.Where(number => !page.Contains(number, StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase(0.6, 0.085)]
    [TestCase(0.55, 0.14)]
    [TestCase(0.2, 0.9)]
    public void Advisor_HexagonsAsOrderedAsThoseOfTheTable_HaveNothingToSay(double sigma, double te6) =>
        Assert.That(Advisor.Of(WithNewest(Row(3, 0.02, sigma) with { Te6 = te6 })), Is.Empty);

    [Test]
    public void Advisor_FewTestImages_AreNoDeadUnits()
    {
        // 40 images spread by chance over 144 units leave 109 empty.
        RunFacts facts = WithNewest(Row(3, 0.02, 0.6) with { UnitsUsed = 34 }) with { TestImages = 40 };

        Assert.That(Advisor.Of(facts), Is.Empty);
    }

    [Test]
    public void UnlikeUnits_WorseThanTheMeanImage_AreListed()
    {
        // Two images of two pixels each side: the mean image is gray, its error (0.5)² on each pixel.
        var images = new ImageSet(new byte[] { 0, 0, 0, 0, 255, 255, 255, 255 }, [0, 0], new ImageShape(2, 1));
        var map = new MapStatistics([1, 0, 1, 2], null, [0.26, double.NaN, 0.24, 0.25]);

        Assert.That(UnlikeUnits.PixelVariance(images), Is.EqualTo(0.25).Within(1e-12));
        Assert.That(UnlikeUnits.Of(map, images), Is.EqualTo((int[])[0]));
    }

    [Test]
    public void Advise_OfARun_PrintsWhatTrainingAndEvaluationSay()
    {
        using TemporaryFolder folder = new();
        string[] train = SharedRun.Train(folder.Path);
        ProgramRun trained = CommandAssert.Succeeds(train);
        string run = Directory.GetDirectories(folder.Path).Single();
        JsonElement printed = CommandAssert.PrintsJson("advise", run);
        string[] topics = [.. printed.GetProperty("advice").EnumerateArray().Select(advice => advice.GetProperty("topic").GetString()!)];
        string[] lines = CommandAssert.Succeeds("advise", run).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] notes = [.. Notes(trained)];

        // 40 images on 12 units, two epochs.
        Assert.That(topics, Does.Contain("images").And.Contain("loss"));
        Assert.That(lines.Select(line => line.Split(':')[0]), Is.EqualTo(topics));
        Assert.That(notes.Select(note => note["advice: ".Length..]), Is.EqualTo(lines.Select(line => line[(line.IndexOf(':') + 2)..])));
        Assert.That(Notes(CommandAssert.Succeeds("evaluate", run)), Is.EqualTo(notes));
        Assert.That(Notes(CommandAssert.Succeeds("evaluate", run, "--no-advice")), Is.Empty);
        Assert.That(Notes(CommandAssert.Succeeds([.. train, "--no-advice"])), Is.Empty);
        Assert.That(Notes(SharedRun.Training), Is.Empty, "with --json");
    }

    private static IEnumerable<string> Notes(ProgramRun run) =>
        run.Error.Split('\n').Where(line => line.StartsWith("advice: ", StringComparison.Ordinal));

    private static RunFacts WithNewest(EpochMetrics row) => Good with { Rows = [.. Good.Rows.SkipLast(1), row] };

    private static EpochMetrics Row(int epoch, double? loss, double sigma) => new()
    {
        Epoch = epoch,
        MseE = 0.007,
        MseQ = 0.028,
        QuantizationError = 0.5,
        Te4 = 0.15,
        Te8 = 0.1,
        UnitsUsed = 144,
        Perplexity = 130,
        Sigma = sigma,
        Eta = 0.01,
        LearningRate = 1e-4,
        Loss = loss,
        Seconds = 1,
        ImagesPerSecond = 1,
    };

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
