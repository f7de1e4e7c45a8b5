using System.Globalization;
using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>Size and times of the page, reported by tools/browser-tests.sh, and screenshots.</summary>
[NonParallelizable]
public sealed class MeasurementTests
{
    private const int MaxBytes = 3_000_000;

    [Test]
    public async Task Page_OfTheDefaultModel_IsSmallAndFast()
    {
        long bytes = new FileInfo(SharedMap.Map.File).Length;
        List<double> firsts = [];
        for (int i = 0; i < 3; i++)
        {
            await using OpenPage opened = await SharedMap.Browser.OpenAsync(SharedMap.Map.File);
            firsts.Add(await opened.RunAsync<double>("() => atlas.firstDraw()"));
        }

        await using OpenPage page = await SharedMap.Browser.OpenAsync(SharedMap.Map.File);
        double decode = await page.RunAsync<double>(
            """
            () => {
                let least = Infinity;
                for (let i = 0; i < 200; i++) {
                    const start = performance.now();
                    atlas.decode(atlas.codeAt(i % 11 + 0.5, i % 7 + 0.3));
                    least = Math.min(least, performance.now() - start);
                }

                return least;
            }
            """);
        double[] pan = await FramesAsync(page, "atlas.pan(Math.sin(frame / 5) * 12, Math.cos(frame / 5) * 9)");
        double[] point = await FramesAsync(page, "atlas.pin([5 + 4 * Math.sin(frame / 20), 5 + 4 * Math.cos(frame / 20)])");
        Report("size of atlas.html", bytes / 1e6, "MB");
        Report("until all 144 units are drawn, from the start of loading", firsts.Min(), "ms");
        Report("decoding one image, the fastest of 200", decode, "ms");
        Report("dragging the map, median of two seconds", 1000 / pan[0], "frames/s");
        Report("dragging the map, script in a frame, median", pan[1], "ms");
        Report("dragging the point, which decodes an image in each frame, median of two seconds", 1000 / point[0], "frames/s");

        Assert.That(bytes, Is.LessThan(MaxBytes));
        page.AssertQuiet();
    }

    [TestCase(1280, 800, false, "point=3,4")]
    [TestCase(1280, 800, true, "layer=umatrix&tab=generate")]
    [TestCase(1280, 800, false, "layer=classes&tab=path&path=0,0;5,3;11,11")]
    [TestCase(800, 600, false, "layer=hits&point=5.5,5.5")]
    [TestCase(800, 600, true, "view=5,5,5&point=5,5")]
    [TestCase(360, 740, false, "layer=component&number=3&point=2,2")]
    [TestCase(360, 740, true, "tab=run")]
    [TestCase(600, 600, false, "embed")]
    public async Task Screenshot_AtAnySize_HasNoScrollBarAcross(int width, int height, bool isDark, string fragment)
    {
        await using OpenPage page = await SharedMap.Browser.OpenAsync(SharedMap.Map.File, fragment, width, height, isDark);
        await page.Page.WaitForTimeoutAsync(300);
        if (Environment.GetEnvironmentVariable("GENSOM_SCREENSHOTS") is { } folder)
        {
            string name = string.Concat(fragment.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{width}x{height}-{name}.png") });
        }

        Assert.That(
            await page.RunAsync<int>("() => document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width), "wider than the window");
        page.AssertQuiet();
    }

    /// <summary>
    /// Moves something for two seconds, and returns the medians of the milliseconds from frame to frame and of those that drawing took.
    /// </summary>
    private static Task<double[]> FramesAsync(OpenPage page, string move) => page.RunAsync<double[]>(
        $$"""
        () => new Promise(done => {
            const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
            const times = [];
            const drawn = [];
            const start = performance.now();
            const next = now => {
                times.push(now);
                if (now - start > 2000) {
                    done([median(times.slice(1).map((time, i) => time - times[i])), median(drawn)]);
                    return;
                }

                const frame = times.length;
                {{move}};
                const before = performance.now();
                atlas.draw();
                drawn.push(performance.now() - before);
                requestAnimationFrame(next);
            };
            requestAnimationFrame(next);
        })
        """);

    private static void Report(string what, double value, string unit)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{what}: {value:0.##} {unit}");
        TestContext.Out.WriteLine(line);
        if (Environment.GetEnvironmentVariable("GENSOM_REPORT") is { } file)
        {
            File.AppendAllText(file, line + "\n");
        }
    }
}
