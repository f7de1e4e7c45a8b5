using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Formats;
using GenSomAttn.Tests.Runs;

namespace GenSomAttn.Tests.Hostile;

/// <summary>The readers of the files of a run directory.</summary>
internal static class ModelReaders
{
    private static readonly TrainingSettings OtherSettings = new()
    {
        Loss = LossKind.Report,
        Attention = AttentionKind.None,
        SomUpdate = SomUpdateKind.Online,
        Limit = 5,
        Seed = 0,
        Commitment = 0,
    };

    private static readonly RunConfig Config = new()
    {
        Settings = new TrainingSettings(),
        Data = "data/\u00FC",
        Accelerator = "cpu",
        Threads = 2,
        Version = "0.1.0",
        Commit = null,
        CommandLine = "train --data \"x\"",
    };

    private static readonly RunConfig OtherConfig = Config with { Settings = OtherSettings, Commit = "0f", CheckpointMinutes = 0.5 };

    private static readonly EpochMetrics FirstRow = MetricsLogTests.Row(0) with { Te4 = null, Te8 = null, Loss = null };

    private static IReadOnlyList<byte[]> ConfigTokens { get; } = Texts(
        "\"settings\":", "\"limit\":null", "\"seed\":18446744073709551615", "\"loss\":\"report\"", "\"attention\":\"none\"", "\"threads\":",
        "\"commit\":", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\n", "//", "\uFEFF", "\0", "null", "1e400");

    /// <summary>Any safetensors file.</summary>
    public static HostileReader Safetensors { get; } = new()
    {
        Name = "safetensors",
        Read = bytes =>
        {
            var file = SafetensorsFile.Parse(bytes, HostileReader.FileName);
            return () => SafetensorsFile.ToBytes(file.Metadata, file.Tensors.Values);
        },
        Refusal = typeof(TensorFileException),
        Seeds =
        [
            SafetensorsFile.ToBytes(SafetensorsFileTests.Metadata, SafetensorsFileTests.ThreeTensors()),
            SafetensorsFile.ToBytes(new Dictionary<string, string>(), [SafetensorsTensor.Of("t", [1, 1], [1f])]),
            SafetensorsFile.ToBytes(new Dictionary<string, string> { ["a"] = "" }, []),
        ],
        Tokens = Texts(
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0061", "\\ud800", "\uFEFF", "\0", "\"F32\"", "\"I32\"", "\"F64\"", "\"dtype\":",
            "\"shape\":[", "\"data_offsets\":[0,4]", "\"__metadata__\":{", "9223372036854775807", "\"a\":\"b\""),
        Repair = Repairs.Safetensors,
        IsJson = true,
        Bombs = () => JsonBombs(1 << 20).Select(json => Repairs.Safetensors([.. new byte[8], .. json])),
        Guard = Guard.Length,
        Memory = (64, 1 << 14),
    };

    /// <summary>A checkpoint of this program.</summary>
    public static HostileReader Checkpoint { get; } = new()
    {
        Name = "checkpoint",
        Read = bytes =>
        {
            Checkpoint checkpoint = CheckpointFile.Parse(bytes, HostileReader.FileName);
            return () => CheckpointFile.ToBytes(checkpoint);
        },
        Refusal = typeof(TensorFileException),
        Seeds =
        [
            CheckpointFile.ToBytes(TinyCheckpoint.Make()),
            CheckpointFile.ToBytes(TinyCheckpoint.Make() with { Settings = OtherSettings, Shape = new(0, 3), Tensors = [] }),
        ],
        Tokens =
        [
            .. Safetensors.Tokens,
            .. Texts(
                "\\\"epochs\\\":20", "\\\"limit\\\":null", "\\\"", "\"sha256\":\"", "\"settings\":\"{", "\"step\":\"1\"",
                "\"loss_sum\":\"NaN\"", "\"channels\":\"3\",", "\"stages\":\"3\",", "\\\"stages\\\":3,"),
        ],
        Repair = Repairs.Checkpoint,
        Bombs = Safetensors.Bombs,
        Guard = Guard.Checksum,
        Memory = (64, 1 << 14),
    };

    /// <summary>The distances of a run.</summary>
    public static HostileReader Distances { get; } = new()
    {
        Name = "distances",
        Read = bytes => TrainingDistances.Parse(bytes, HostileReader.FileName).ToBytes,
        Refusal = typeof(TensorFileException),
        Seeds =
        [
            new TrainingDistances(new string('0', 64), "cpu", [0, 0.5f, 0.5f, 2]).ToBytes(),
            new TrainingDistances("", "", [1]).ToBytes(),
        ],
        Tokens =
        [
            .. Safetensors.Tokens,
            .. Texts("\"sha256\":\"", "\"model_sha256\":\"", "\"accelerator\":\"", "\"squared_distances\":{", "\"shape\":[2,2]"),
        ],
        Repair = Repairs.Checkpoint,
        Bombs = Safetensors.Bombs,
        Guard = Guard.Checksum,
        Memory = (64, 1 << 14),
    };

    /// <summary>The map of an epoch of a run.</summary>
    public static HostileReader EpochMaps { get; } = new()
    {
        Name = "map of an epoch",
        Read = bytes =>
        {
            EpochMap map = EpochMapFile.Parse(bytes, HostileReader.FileName, units: 2);
            return () => EpochMapFile.ToBytes(map);
        },
        Refusal = typeof(TensorFileException),
        Seeds =
        [
            EpochMapFile.ToBytes(new EpochMap(7, 1.25, [1, 2, 3, 4], new ImageShape(3, 1), new byte[18], [1, 0])),
            EpochMapFile.ToBytes(new EpochMap(0, 4, [1, 2], new ImageShape(2, 3), new byte[24], [])),
        ],
        Tokens =
        [
            .. Safetensors.Tokens,
            .. Texts("\"sha256\":\"", "\"epoch\":\"", "\"sigma\":\"", "\"side\":\"", "\"images\":{", "\"followed\":{"),
        ],
        Repair = Repairs.Checkpoint,
        Bombs = Safetensors.Bombs,
        Guard = Guard.Checksum,
        Memory = (64, 1 << 14),
    };

    /// <summary>The configuration of a run.</summary>
    public static HostileReader RunConfiguration { get; } = new()
    {
        Name = "config",
        Read = bytes => RunConfig.Parse(bytes, HostileReader.FileName).ToBytes,
        Refusal = typeof(FileException),
        Seeds = [Config.ToBytes(), OtherConfig.ToBytes()],
        Tokens = ConfigTokens,
        IsText = true,
        IsJson = true,
        Bombs = () => JsonBombs(RunConfig.MaxBytes),
        Guard = Guard.Length,
        Memory = (64, 1 << 14),
    };

    /// <summary>A file with some keys of a configuration.</summary>
    public static HostileReader PartialConfiguration { get; } = new()
    {
        Name = "partial-config",
        Read = bytes => PartialConfig.Apply(Config, bytes, HostileReader.FileName).ToBytes,
        Refusal = typeof(FileException),
        Seeds =
        [
            """{"threads":3,"commit":"abc","settings":{"epochs":5,"limit":null,"loss":"report"}}"""u8.ToArray(),
            "{}"u8.ToArray(),
            OtherConfig.ToBytes(),
        ],
        Tokens = ConfigTokens,
        IsText = true,
        IsJson = true,
        Bombs = () => JsonBombs(RunConfig.MaxBytes),
        Guard = Guard.Length,
        Memory = (64, 1 << 14),
    };

    /// <summary>The scores of each epoch.</summary>
    public static HostileReader Metrics { get; } = new()
    {
        Name = "metrics",
        Read = bytes =>
        {
            IReadOnlyList<EpochMetrics> rows = MetricsLog.Parse(bytes, HostileReader.FileName);
            return () => Encoding.UTF8.GetBytes(MetricsLog.ToLines(rows));
        },
        Refusal = typeof(FileException),
        Seeds =
        [
            Encoding.UTF8.GetBytes(MetricsLog.ToLines([FirstRow, MetricsLogTests.Row(1)])),
            Encoding.UTF8.GetBytes(MetricsLog.ToLines([MetricsLogTests.Row(0)])),
            [],
        ],
        Tokens = Texts("\n", "\r\n", "\"te4\":null", "\"epoch\":", "{", "}", ",", ":", "\"", "null", "1e400", "-0", "\uFEFF", "\0"),
        IsText = true,
        IsJson = true,
        Bombs = () => JsonBombs(1 << 20),
        Guard = Guard.Form,
        Memory = (64, 1 << 14),
    };

    /// <summary>Objects of a given length whose depth, keys, numbers or texts are as many or as long as fit.</summary>
    private static IEnumerable<byte[]> JsonBombs(int length)
    {
        yield return Encoding.ASCII.GetBytes(new string('[', length));
        yield return Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", length / 5)));
        yield return Encoding.ASCII.GetBytes($"{{{string.Join(',', Enumerable.Range(0, length / 11).Select(key => $"\"{key:x5}\":0"))}}}");
        yield return Encoding.ASCII.GetBytes($"{{{string.Join(',', Enumerable.Repeat("\"a\":0", length / 6))}}}");
        yield return Encoding.ASCII.GetBytes($"{{\"threads\":[{string.Join(',', Enumerable.Repeat("0", (length / 2) - 10))}]}}");
        yield return Encoding.ASCII.GetBytes($"{{\"threads\":{new string('9', length - 20)}}}");
        yield return Encoding.ASCII.GetBytes($"{{\"{string.Concat(Enumerable.Repeat("\\u0061", (length - 20) / 6))}\":0}}");
        yield return new byte[length];
    }

    /// <summary>Encodes texts as UTF-8.</summary>
    public static byte[][] Texts(params ReadOnlySpan<string> texts)
    {
        byte[][] bytes = new byte[texts.Length][];
        for (int index = 0; index < texts.Length; index++)
        {
            bytes[index] = Encoding.UTF8.GetBytes(texts[index]);
        }

        return bytes;
    }
}
