using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Settings;
using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>Maps, names and runs that are unusual: the page opens, shows names as text, and runs nothing.</summary>
public sealed class StrangeMapTests
{
    private static readonly string[] HostileNames =
    [
        "</script><script>window.ran = 1</script>", "<img src=x onerror=\"window.ran = 1\">", "\" onmouseover='window.ran=1' x=\"",
        "\u202Egnp.exe", "👗 dress & 'shoe'", "\u2028window.ran = 1\u2029", "]]><!--<script>", "=HYPERLINK(\"http://a\")",
    ];

    [Test]
    public async Task Names_OfHostileFoldersAndClasses_AreText()
    {
        string[] files = [.. Enumerable.Range(0, 32).Select(n => $"{HostileNames[n % 8]}/{n}.png")];
        var run = new AtlasRun(HostileNames[0], "dotnet run --", $"'{HostileNames[1]}'", 1, IsTraining: false, []);
        using var map = TrainedMap.Of(
            Small(2, 3), Sets.Random(new ImageShape(8, 1), 32, HostileNames, files), train: false, run);
        await using OpenPage page = await SharedMap.Browser.OpenAsync(map.File, "layer=classes");

        Assert.That(await page.Page.InnerTextAsync("#title"), Is.EqualTo(HostileNames[0]));
        string[] shown = await page.RunAsync<string[]>("() => atlas.data.facts.classes");
        Assert.That(shown, Is.EqualTo(HostileNames));
        Assert.That(await page.RunAsync<string[]>("() => atlas.data.pictures.names"), Is.SubsetOf(files));
        await page.Page.Locator("#panel-point .tile").First.ClickAsync();
        Assert.That(await page.Page.InnerTextAsync("#picture"), Does.Contain(".png"));
        await page.Page.Keyboard.PressAsync("Escape");
        foreach (string tab in new[] { "generate", "path", "own", "share", "run" })
        {
            await page.Page.ClickAsync($"#tab-{tab}");
        }

        Assert.That(await page.RunAsync<bool>("() => window.ran === undefined && document.scripts.length === 2"));
        page.AssertQuiet();
    }

    [TestCase(1, 1)]
    [TestCase(1, 40)]
    [TestCase(100, 100)]
    public async Task Map_OfAnySize_IsWhollyUsable(int rows, int columns)
    {
        using var map = TrainedMap.Of(Small(rows, columns), Sets.Random(new ImageShape(8, 3), 24, ["a", "b"]), train: false);
        await using OpenPage page = await SharedMap.Browser.OpenAsync(map.File);
        foreach (string layer in await page.RunAsync<string[]>("() => [...document.querySelectorAll('#layer option')].map(o => o.value)"))
        {
            await page.Page.SelectOptionAsync("#layer", layer, new() { Force = true });
        }

        await page.Page.FocusAsync("#map");
        foreach (string key in new[] { "ArrowDown", "ArrowRight", "ArrowRight", "p", "+", "0", "ArrowLeft", "p", "s" })
        {
            await page.Page.Keyboard.PressAsync(key);
        }

        foreach (string tab in new[] { "generate", "path", "own", "share", "run", "point" })
        {
            await page.Page.ClickAsync($"#tab-{tab}");
        }

        Assert.That(await page.RunAsync<double[]>("() => atlas.state.point"), Has.Length.EqualTo(2));
        Assert.That(await page.RunAsync<int>("() => atlas.data.map.rows * atlas.data.map.columns"), Is.EqualTo(rows * columns));
        page.AssertQuiet();
    }

    [Test]
    public async Task Data_WithoutLabels_HaveNoLayersOfClasses()
    {
        using var map = TrainedMap.Of(Small(3, 3), Sets.Random(new ImageShape(8, 1), 24), train: false);
        await using OpenPage page = await SharedMap.Browser.OpenAsync(map.File);

        string[] layers = await page.RunAsync<string[]>("() => [...document.querySelectorAll('#layer option')].map(o => o.value)");
        Assert.That(layers, Has.None.EqualTo("classes").And.None.EqualTo("purity").And.Some.EqualTo("hits"));
        page.AssertQuiet();
    }

    [Test]
    public async Task Run_InTraining_HasNoImagesAndReloadsItself()
    {
        var run = new AtlasRun("0002-somattn", "dotnet run --", "2", 1, IsTraining: true, []);
        using var map = TrainedMap.Of(
            Small(3, 4), Sets.Random(new ImageShape(8, 1), 24), train: false, run, withImages: false);
        await using OpenPage page = await SharedMap.Browser.OpenAsync(map.File, "point=1,2");
        Assert.That(await page.Page.InnerTextAsync("#training"), Is.EqualTo("training"));
        Assert.That(await page.Page.InnerTextAsync("#panel-point"), Does.Contain("when the training is over"));

        // The next epoch replaces the file; the page shows it with the same view.
        string next = (await File.ReadAllTextAsync(map.File)).Replace("\"epoch\":1,", "\"epoch\":2,", StringComparison.Ordinal);
        await File.WriteAllTextAsync(map.File, next);
        await page.Page.WaitForFunctionAsync("() => window.atlas?.data.run.epoch === 2", null, new() { Timeout = 60_000 });
        Assert.That(await page.RunAsync<double[]>("() => atlas.state.point"), Is.EqualTo(new[] { 1.0, 2 }));
    }

    [Test]
    public async Task Hexagons_AreDrawnShiftedAndFoundWhereTheyAre()
    {
        TrainingSettings settings = Small(4, 5) with { MapOptions = new MapOptions { Lattice = MapLattice.Hexagon } };
        using var map = TrainedMap.Of(settings, Sets.Random(new ImageShape(8, 1), 24, ["a", "b"]), train: false);
        await using OpenPage page = await SharedMap.Browser.OpenAsync(map.File);
        foreach (string layer in new[] { "classes", "none", "umatrix" })
        {
            await page.Page.SelectOptionAsync("#layer", layer);
        }

        // With a layer a click pins a unit, not one of the images between units. The middle of each cell, and places near its edges,
        // which a square would not have.
        for (int unit = 0; unit < 20; unit++)
        {
            (int row, int column) = (unit / 5, unit % 5);
            foreach ((double across, double down) in new[] { (0, 0), (0.35, 0.1), (-0.35, -0.1), (0, -0.45), (0.05, 0.45) })
            {
                double[] at = await page.RunAsync<double[]>(
                    """
                    ([across, down]) => {
                        const { left, top } = document.getElementById("map").getBoundingClientRect();
                        const { view } = atlas;
                        return [
                            left + (across - view.column) * view.scale + view.width / 2,
                            top + (down - view.row * Math.sqrt(3) / 2) * view.scale + view.height / 2,
                        ];
                    }
                    """,
                    new[] { column + (row % 2 * 0.5) + across, (row * Math.Sqrt(3) / 2) + down });
                await page.Page.Mouse.ClickAsync((float)at[0], (float)at[1]);
                double[] point = await page.RunAsync<double[]>("() => atlas.state.point");
                Assert.That(point, Is.EqualTo(new double[] { row, column }), $"unit {row},{column} at {across},{down}");
            }
        }

        Assert.That(await page.Page.InnerTextAsync("#facts"), Does.Contain("4 × 5 hexagons"));
        page.AssertQuiet();
    }

    [Test]
    public async Task Maps_OfTheEpochs_ArePlayedWithTheWayOfAnImage()
    {
        Dataset dataset = Sets.Random(new ImageShape(8, 1), 24, ["a", "b"]);
        static byte[] Images(int epoch) => [.. Enumerable.Repeat((byte)(80 * epoch), 6 * 64)];
        EpochMap[] maps = [.. Enumerable.Range(0, 3).Select(
            epoch => new EpochMap(epoch, 2 - epoch, new float[6 * 8], new ImageShape(8, 1), Images(epoch), [epoch, 5 - epoch]))];
        var run = new AtlasRun("0003", "dotnet run --", "3", 2, IsTraining: false, []) { Maps = maps };
        using var map = TrainedMap.Of(Small(2, 3), dataset, train: false, run);
        await using OpenPage page = await SharedMap.Browser.OpenAsync(map.File);

        await page.Page.ClickAsync("#tab-time");
        Assert.That(await page.Page.InnerTextAsync("#panel-time"), Does.Contain("Epoch 2 of 1, neighborhood width σ 0"));
        await page.Page.Locator("#panel-time .tile").First.ClickAsync();
        await page.Page.FocusAsync("#panel-time input");
        await page.Page.Keyboard.PressAsync("Home");
        Assert.That(await page.RunAsync<int>("() => atlas.state.time"), Is.Zero);
        Assert.That(await page.RunAsync<int>("() => atlas.state.followed"), Is.Zero);
        await page.Page.ClickAsync("#panel-time button.main");
        await page.Page.WaitForFunctionAsync("() => atlas.state.time === 2");
        await page.Page.ClickAsync("#tab-point");
        Assert.That(await page.RunAsync<bool>("() => atlas.state.time === null"));
        page.AssertQuiet();
    }

    private static TrainingSettings Small(int rows, int columns) =>
        new() { MapHeight = rows, MapWidth = columns, Latent = 8, BatchSize = 8, Epochs = 1 };
}
