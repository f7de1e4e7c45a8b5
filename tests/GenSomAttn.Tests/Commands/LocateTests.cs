using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The command locate: rows that agree with the scores of evaluate, and its files.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LocateTests
{
    private const string Header =
        "file,set,index,label,row,column,distance,second_row,second_column,second_distance,neighbors,neighbors4,mse_e,mse_q,percentile,"
        + "cluster";

    /// <summary>Sums in the order of the rows, as evaluate adds: the same doubles, and not only close ones.</summary>
    [Test]
    public void Locate_TestImages_AgreeWithTheScoresOfEvaluateToTheLastDigit()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds("locate", SharedRun.Path, "--split", "test", "--output", folder.File("a.csv"), "--accelerator", "cpu");
        JsonElement scores = CommandAssert.PrintsJson("evaluate", SharedRun.Path, "--accelerator", "cpu");

        Dictionary<string, string>[] rows = Rows(folder.File("a.csv"));
        double count = rows.Length;
        double pure = rows
            .GroupBy(row => (row["row"], row["column"]))
            .Sum(unit => unit.GroupBy(row => row["label"]).Max(label => label.Count()));

        Assert.That(rows, Has.Length.EqualTo(12));
        Assert.That(rows.Select(row => row["set"]), Is.All.EqualTo("test"));
        Assert.That(rows.Select(row => Number(row, "index")), Is.EqualTo(Enumerable.Range(0, 12)));
        Assert.That(rows.Average(row => Number(row, "distance")), Is.EqualTo(Score("quantization_error")));
        Assert.That(rows.Average(row => Number(row, "mse_e")), Is.EqualTo(Score("mse_e")));
        Assert.That(rows.Average(row => Number(row, "mse_q")), Is.EqualTo(Score("mse_q")));
        Assert.That(rows.Count(row => row["neighbors"] == "false") / count, Is.EqualTo(Score("te6")));
        Assert.That(pure / count, Is.EqualTo(Score("purity")));
        Assert.That(rows.Where(row => Number(row, "distance") > Number(row, "second_distance")), Is.Empty);

        double Score(string name) => scores.GetProperty(name).GetDouble();
    }

    [Test]
    public void Locate_Rectangle_TellsNeighborsAsTe8AndTe4Do()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds(SharedRun.Train(folder.File("runs"), "--lattice", "rectangle"));
        string run = Directory.GetDirectories(folder.File("runs")).Single();
        CommandAssert.Succeeds("locate", run, "--split", "test", "--output", folder.File("a.csv"), "--accelerator", "cpu");
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run, "--accelerator", "cpu", "--samples", "0");

        Dictionary<string, string>[] rows = Rows(folder.File("a.csv"));
        Assert.That(rows.Count(row => row["neighbors"] == "false") / 12.0, Is.EqualTo(scores.GetProperty("te8").GetDouble()));
        Assert.That(rows.Count(row => row["neighbors4"] == "false") / 12.0, Is.EqualTo(scores.GetProperty("te4").GetDouble()));
    }

    [Test]
    public void Locate_TrainingImages_HaveTheShareOfThemThatIsNotFarther()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds("locate", SharedRun.Path, "--output", folder.File("a.csv"), "--accelerator", "cpu");

        Dictionary<string, string>[] rows = Rows(folder.File("a.csv"));
        double[] trained = [.. rows.Where(row => row["set"] == "train").Select(row => Number(row, "distance"))];

        Assert.That(rows.Select(row => row["set"]), Is.EqualTo(Enumerable.Repeat("train", 40).Concat(Enumerable.Repeat("test", 12))));
        foreach (Dictionary<string, string> row in rows)
        {
            double share = 100.0 * trained.Count(distance => distance <= Number(row, "distance")) / trained.Length;
            Assert.That(Number(row, "percentile"), Is.EqualTo(share));
        }
    }

    [Test]
    public void Locate_Pictures_AreResizedToTheModelAndNamed()
    {
        using TemporaryFolder folder = new();
        string one = PictureFolder.Write(folder.Path, "some/b.png", PictureBytes.GrayPng(17, 9, (x, y) => x * y));
        PictureFolder.WritePlain(folder.Path, "some/a, \"b\".png", 90, side: 33);
        PictureFolder.Write(folder.Path, "some/.hidden.png", [1]);

        JsonElement result = CommandAssert.PrintsJson(
            "locate", SharedRun.Path, folder.File("some"), one, "--output", folder.File("new/a.csv"), "--strangest", "2");

        string[] lines = File.ReadAllLines(folder.File("new/a.csv"));
        Assert.That(lines, Has.Length.EqualTo(1 + 3));
        Assert.That(lines[0], Is.EqualTo(Header));
        Assert.That(lines[1], Does.StartWith($"\"{folder.Path}/some/a, \"\"b\"\".png\",,0,,"));
        Assert.That(lines[2], Does.StartWith($"{one},,1,,"));
        Assert.That(lines[3], Is.EqualTo(lines[2].Replace(",,1,,", ",,2,,", StringComparison.Ordinal)), "of the same file");
        JsonElement[] located = [.. result.GetProperty("located").EnumerateArray()];
        Assert.That(located[0].EnumerateObject().Select(property => property.Name), Is.EqualTo(Header.Split(',')));
        Assert.That(located.Select(image => image.GetProperty("percentile").GetDouble()), Is.All.InRange(0, 100));
        Assert.That(located[0].GetProperty("label").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(result.GetProperty("no_percentiles").ValueKind, Is.EqualTo(JsonValueKind.Null));
        double[] distances = [.. located.Select(image => image.GetProperty("distance").GetDouble())];
        Assert.That(
            result.GetProperty("strangest").EnumerateArray().Select(image => image.GetProperty("distance").GetDouble()),
            Is.EqualTo(distances.OrderDescending().Take(2)));
        CommandAssert.IsPicture(folder.File("new/strangest.png"));
    }

    [Test]
    public void Locate_Again_KeepsTheFilesOfOtherResults()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        PictureFolder.WritePlain(folder.Path, "a.png", 90);
        string[] all = ["locate", run, "--sheet"];

        string first = CommandAssert.Succeeds(all).Output;
        string other = CommandAssert.Succeeds([.. all, folder.File("a.png")]).Output;
        string again = CommandAssert.Succeeds(all).Output;

        Assert.That(first, Is.EqualTo($"{run}/map/located.csv\n{run}/map/sheet.png\n"));
        Assert.That(other, Is.EqualTo($"{run}/map/located-2.csv\n{run}/map/sheet-2.png\n"));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(Directory.GetFiles(Path.Combine(run, "map")), Has.Length.EqualTo(4));
        CommandAssert.IsPicture(Path.Combine(run, "map", "sheet.png"));
    }

    [Test]
    public void Locate_Strangest_PrintsATableAndTheFiles()
    {
        using TemporaryFolder folder = new();

        ProgramRun run = CommandAssert.Succeeds("locate", SharedRun.Path, "--output", folder.File("a.csv"), "--strangest", "5");

        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(1 + 5 + 2));
        Assert.That(lines[0], Does.Match(@"^image +label +unit +distance +percentile +mse_e +mse_q$"));
        Assert.That(lines[1], Does.Match(@"^(train|test) \d+ +[0-3] +[0-2],[0-3] +\d\.\d{4} +\d+\.\d\d +0\.\d{5} +0\.\d{5}$"));
        Assert.That(lines[^2..], Is.EqualTo([folder.File("a.csv"), folder.File("strangest.png")]));
    }

    [Test]
    public void Locate_Npz_HoldsTheColumnsOfTheTable()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds("locate", SharedRun.Path, "--output", folder.File("a.csv"), "--npz", folder.File("a.npz"));

        Dictionary<string, string>[] rows = Rows(folder.File("a.csv"));
        using ZipArchive archive = ZipFile.OpenRead(folder.File("a.npz"));
        double[] distances = [.. Values(archive, "distances", "<f8", "(52,)", bytes => BitConverter.ToDouble(bytes), sizeof(double))];
        int[] columns = [.. Values(archive, "columns", "<i4", "(52,)", bytes => BitConverter.ToInt32(bytes), sizeof(int))];
        int[] clusters = [.. Values(archive, "clusters", "<i4", "(52,)", bytes => BitConverter.ToInt32(bytes), sizeof(int))];
        float[] codes = [.. Values(archive, "codes", "<f4", "(52, 8)", bytes => BitConverter.ToSingle(bytes), sizeof(float))];

        Assert.That(
            archive.Entries.Select(entry => entry.Name),
            Is.EqualTo(["codes.npy", "rows.npy", "columns.npy", "distances.npy", "clusters.npy"]));
        Assert.That(distances, Is.EqualTo(rows.Select(row => Number(row, "distance"))));
        Assert.That(columns, Is.EqualTo(rows.Select(row => Number(row, "column"))));
        Assert.That(clusters, Is.EqualTo(rows.Select(row => Number(row, "cluster"))));
        Assert.That(codes, Has.Length.EqualTo(52 * 8).And.All.Matches<float>(float.IsFinite));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2), "no temporary files");
    }

    [Test]
    public void Locate_Clusters_AreThoseOfTheMap()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds("locate", SharedRun.Path, "--output", folder.File("a.csv"), "--clusters", "5");
        JsonElement map = CommandAssert.PrintsJson("map", SharedRun.Path, "--output", folder.Path, "--clusters", "5");

        Dictionary<string, string>[] units = Rows(folder.File("clusters.csv"));
        JsonElement clusters = map.GetProperty("clusters");
        Assert.That(units.Select(unit => unit["cluster"]).Distinct(), Is.EqualTo(["0", "1", "2", "3", "4"]), "in the order of the units");
        Assert.That(clusters.GetProperty("count").GetInt32(), Is.EqualTo(5));
        Assert.That(
            clusters.GetProperty("silhouette").GetDouble(),
            Is.EqualTo(units.Average(unit => Number(unit, "silhouette"))).Within(1e-12), "of another order of the sum");
        Dictionary<(string, string), string> ofUnit = units.ToDictionary(unit => (unit["row"], unit["column"]), unit => unit["cluster"]);
        foreach (Dictionary<string, string> row in Rows(folder.File("a.csv")))
        {
            Assert.That(row["cluster"], Is.EqualTo(ofUnit[(row["row"], row["column"])]));
        }
    }

    [Test]
    public void Locate_Again_ReadsTheDistancesOfTheTrainingImagesFromTheRun()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string stored = Path.Combine(run, "distances.safetensors");
        string[] locate = ["locate", run, PictureFolder.WritePlain(folder.Path, "a.png", 90), "--json", "--output", folder.File("a.csv")];
        string[] withoutData = [.. locate, "--data", folder.File("nowhere")];

        Assert.That(Percentile(withoutData, out string error), Is.Null, "not known yet");
        Assert.That(error, Does.Contain("no percentiles"));
        double? first = Percentile(locate, out _);
        byte[] written = File.ReadAllBytes(stored);
        Assert.That(Percentile(withoutData, out _), Is.EqualTo(first).And.Not.Null);
        Assert.That(CommandAssert.PrintsJson("info", run, "--verify").GetProperty("intact").GetBoolean(), Is.True);

        File.WriteAllBytes(stored, [.. written[..^1], (byte)(written[^1] ^ 1)]);
        Assert.That(ProgramRun.Of("info", run, "--verify").Output, Does.Match("distances.safetensors +DAMAGED"));
        Assert.That(Percentile(withoutData, out error), Is.Null, "damaged");
        Assert.That(error, Does.Contain(stored).And.Contain("computed again"));
        Assert.That(Percentile(locate, out _), Is.EqualTo(first));
        Assert.That(File.ReadAllBytes(stored), Is.EqualTo(written));

        File.WriteAllBytes(stored, new TrainingDistances(new string('0', 64), "cpu", [0]).ToBytes());
        Assert.That(Percentile(withoutData, out _), Is.Null, "of another checkpoint");
        Assert.That(Percentile(locate, out error), Is.EqualTo(first));
        Assert.That(error, Does.Not.Contain("again"));

        static double? Percentile(string[] arguments, out string error)
        {
            ProgramRun run = CommandAssert.Succeeds([.. arguments, "--accelerator", "cpu"]);
            error = run.Error;
            JsonElement value = CommandAssert.Json(run).GetProperty("located")[0].GetProperty("percentile");
            return value.ValueKind == JsonValueKind.Null ? null : value.GetDouble();
        }
    }

    [Test]
    public void Locate_NoErrors_LeavesThemEmptyAndKeepsTheRest()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds("locate", SharedRun.Path, "--output", folder.File("a.csv"), "--accelerator", "cpu");
        string output = CommandAssert.Succeeds(
            "locate", SharedRun.Path, "--output", folder.File("b.csv"), "--accelerator", "cpu", "--no-errors", "--strangest", "1").Output;

        Dictionary<string, string>[] rows = Rows(folder.File("b.csv"));
        Assert.That(rows.Select(row => row["mse_e"] + row["mse_q"]), Is.All.Empty);
        Assert.That(output.Split('\n')[1], Does.Match(@"\d+\.\d\d *$"), "the last value is the percentile");
        foreach ((Dictionary<string, string> row, Dictionary<string, string> full) in rows.Zip(Rows(folder.File("a.csv"))))
        {
            (full["mse_e"], full["mse_q"]) = ("", "");
            Assert.That(row, Is.EqualTo(full));
        }
    }

    /// <summary>On a map whose decoded units would take too much memory, D(w) is decoded for each image: the same as evaluate.</summary>
    [Test]
    public void MseQ_OfAMapTooLargeToDecodeAsAWhole_IsThatOfTheEvaluation()
    {
        TrainingSettings settings = new() { BatchSize = 8, Latent = 8, MapHeight = 128, MapWidth = 129 };
        ImageSet images = TinyData.Load(8, 3, 32).Train;
        using Backend<float> backend = AllBackends.Create("cpu");
        using var model = new SomAttnModel(backend, settings, images.Shape);
        model.Initialize();
        using DeviceImages onDevice = new(backend, images, model.MaxBatch);

        LocatedBatch located = new ImageLocator(model, trainingDistances: null).Locate(images, "train", 0, []).Single();

        EvaluationResult scores = new Evaluator(model).Evaluate(onDevice, classes: 0);
        Assert.That((long)model.Map.Units * images.Shape.Length, Is.GreaterThan(1 << 24));
        Assert.That(located.Images.Average(image => image.MseQ), Is.EqualTo(scores.MseQ));
        Assert.That(located.Images.Average(image => image.MseE), Is.EqualTo(scores.MseE));
    }

    private static Dictionary<string, string>[] Rows(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] names = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => names.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static double Number(Dictionary<string, string> row, string column) => double.Parse(row[column], CultureInfo.InvariantCulture);

    /// <summary>Reads an array of an .npz file by the text of its header, which begins at a fixed place.</summary>
    private static IEnumerable<T> Values<T>(ZipArchive archive, string name, string type, string shape, Func<byte[], T> read, int size)
    {
        using var content = new MemoryStream();
        using (Stream stream = archive.GetEntry($"{name}.npy")!.Open())
        {
            stream.CopyTo(content);
        }

        byte[] bytes = content.ToArray();
        int start = 10 + bytes[8] + (256 * bytes[9]);
        string header = Encoding.ASCII.GetString(bytes, 10, start - 10);
        Assert.That(bytes.Take(8), Is.EqualTo([0x93, .. "NUMPY"u8.ToArray(), 1, 0]));
        Assert.That(header, Does.Match(@"^\{'descr': '.*', 'fortran_order': False, 'shape': \(.*\), \} *\n$"));
        Assert.That(header, Does.Contain($"'descr': '{type}'").And.Contain($"'shape': {shape},"));
        Assert.That(start % 64, Is.Zero, "NumPy aligns the values");
        return bytes[start..].Chunk(size).Select(read);
    }
}
