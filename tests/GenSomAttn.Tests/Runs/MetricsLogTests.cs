using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Runs;

/// <summary>metrics.jsonl and metrics.csv.</summary>
public sealed class MetricsLogTests
{
    private const string Columns =
        "epoch,mse_e,mse_q,quantization_error,te4,te8,units_used,perplexity,sigma,eta,learning_rate,loss,seconds,images_per_second";

    [Test]
    public void Append_TwoRows_WritesBothFiles()
    {
        using TemporaryFolder folder = new();
        MetricsLog log = new(AtomicFiles.OnDisk, folder.File("metrics.jsonl"), folder.File("metrics.csv"));
        Assert.That(log.Read(), Is.Empty);

        log.Append(Row(0) with { Te4 = null, Te8 = null, Loss = null });
        log.Append(Row(1));

        string[] csv = File.ReadAllLines(folder.File("metrics.csv"));
        Assert.That(csv, Has.Length.EqualTo(3));
        Assert.That(csv[0], Is.EqualTo(Columns));
        Assert.That(csv[1], Is.EqualTo("0,0.30000000000000004,0.5,1E-09,,,144,130.25,4,0.3,0.001,,12.5,4800"));
        Assert.That(csv[2], Is.EqualTo("1,0.30000000000000004,0.5,1E-09,0.25,0.125,144,130.25,4,0.3,0.001,0.75,12.5,4800"));
        string[] json = File.ReadAllLines(folder.File("metrics.jsonl"));
        Assert.That(json[0], Does.StartWith("{\"epoch\":0,\"mse_e\":0.30000000000000004,").And.Contain("\"te4\":null"));
        Assert.That(string.Join(',', json[1].Trim('{', '}').Split(',').Select(cell => cell.Split(':')[0].Trim('"'))),
            Is.EqualTo(Columns));
    }

    [Test]
    public void Read_WhatWasAppended_GivesTheSame()
    {
        using TemporaryFolder folder = new();
        EpochMetrics[] rows = [Row(0) with { Loss = null }, Row(1), Row(2) with { Te4 = 1.0 / 3 }];
        foreach (EpochMetrics row in rows)
        {
            // A new log object each time, as after a restart.
            new MetricsLog(AtomicFiles.OnDisk, folder.File("metrics.jsonl"), folder.File("metrics.csv")).Append(row);
        }

        Assert.That(new MetricsLog(AtomicFiles.OnDisk, folder.File("metrics.jsonl"), folder.File("metrics.csv")).Read(), Is.EqualTo(rows));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"epoch\":1")]
    public void Read_LineThatIsNoRow_NamesIt(string line)
    {
        using TemporaryFolder folder = new();
        MetricsLog log = new(AtomicFiles.OnDisk, folder.File("metrics.jsonl"), folder.File("metrics.csv"));
        log.Append(Row(0));
        File.AppendAllText(folder.File("metrics.jsonl"), line + "\n");

        Assert.That(log.Read, Throws.TypeOf<FileException>().With.Message.Contains("line 2"));
    }

    /// <summary>The JSON library reads it as infinity, which cannot be written: after one such number no row could be appended.</summary>
    [Test]
    public void Parse_NumberThatNoDoubleHolds_NamesItsKey()
    {
        string line = MetricsLog.ToLines([Row(0)]).Replace("\"mse_q\":0.5", "\"mse_q\":5e400", StringComparison.Ordinal);

        Assert.That(() => MetricsLog.Parse(Encoding.UTF8.GetBytes(line), "x"),
            Throws.TypeOf<FileException>().With.Message.Contains("mse_q"));
    }

    [Test]
    public void Append_NoFolder_Throws()
    {
        MetricsLog log = new(AtomicFiles.OnDisk, "/no/such/folder/metrics.jsonl", "/no/such/folder/metrics.csv");
        Assert.That(() => log.Append(Row(0)), Throws.TypeOf<FileException>().With.Message.Contains("/no/such/folder/metrics.jsonl"));
    }

    internal static EpochMetrics Row(int epoch) => new()
    {
        Epoch = epoch,
        MseE = 0.1 + 0.2,
        MseQ = 0.5,
        QuantizationError = 1e-9,
        Te4 = 0.25,
        Te8 = 0.125,
        UnitsUsed = 144,
        Perplexity = 130.25,
        Sigma = 4,
        Eta = 0.3,
        LearningRate = 0.001,
        Loss = 0.75,
        Seconds = 12.5,
        ImagesPerSecond = 4800,
    };
}
