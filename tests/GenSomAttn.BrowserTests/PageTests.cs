using System.Globalization;
using Microsoft.Playwright;
using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>
/// Tests with a fresh page of the shared map each; at the end of each, the page must have reported and requested nothing.
/// </summary>
public abstract class PageTests
{
    private OpenPage _page = null!;

    private protected OpenPage Opened => _page;

    private protected IPage Page => _page.Page;

    [SetUp]
    public async Task OpenAsync() => _page = await SharedMap.Browser.OpenAsync(SharedMap.Map.File);

    [TearDown]
    public async Task CloseAsync()
    {
        _page.AssertQuiet();
        await _page.DisposeAsync();
    }

    protected static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    protected Task<double> ScaleAsync() => _page.RunAsync<double>("() => atlas.view.scale");

    protected Task<double[]> PointAsync() => _page.RunAsync<double[]>("() => atlas.state.point");

    protected Task WaitAsync(string condition) => Page.WaitForFunctionAsync($"() => {condition}");

    protected async Task PressAsync(params string[] keys)
    {
        foreach (string key in keys)
        {
            await Page.Keyboard.PressAsync(key);
        }
    }

    /// <summary>Returns the drawn map after the next frames.</summary>
    protected Task<string> PictureAsync() => _page.RunAsync<string>(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => "
        + "done(document.getElementById('map').toDataURL()))))");

    protected async Task<(float X, float Y)> UnitAsync(int row, int column)
    {
        double[] at = await _page.RunAsync<double[]>(
            """
            ([row, column]) => {
                const { left, top } = document.getElementById("map").getBoundingClientRect();
                const { data, view } = atlas;
                const across = column + (data.map.hexagons ? 0.5 * (row % 2) : 0);
                const lift = data.map.hexagons ? Math.sqrt(3) / 2 : 1;
                return [
                    left + (across - view.column) * view.scale + view.width / 2,
                    top + (row - view.row) * lift * view.scale + view.height / 2,
                ];
            }
            """,
            new[] { row, column });
        return ((float)at[0], (float)at[1]);
    }

    protected async Task HoverUnitAsync(int row, int column)
    {
        (float x, float y) = await UnitAsync(row, column);
        await Page.Mouse.MoveAsync(x, y);
    }

    protected async Task ClickUnitAsync(int row, int column)
    {
        (float x, float y) = await UnitAsync(row, column);
        await Page.Mouse.ClickAsync(x, y);
    }

    protected async Task<byte[]> DownloadAsync(string button)
    {
        IDownload download = await Page.RunAndWaitForDownloadAsync(
            () => Page.ClickAsync($"[role=tabpanel]:not([hidden]) button:text-is('{button}')"));
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }
}
