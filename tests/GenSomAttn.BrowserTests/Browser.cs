using Microsoft.Playwright;

namespace GenSomAttn.BrowserTests;

/// <summary>Chromium of the system, without a network. It notes what no page may do: errors and requests.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Starts Chromium, the one that CHROMIUM names or /usr/bin/chromium.</summary>
    public static async Task<Browser> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        return new Browser(playwright, browser);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fragment">What follows # in the address.</param>
    /// <param name="width">Width of the window.</param>
    /// <param name="height">Height of the window.</param>
    /// <param name="isDark">Whether the system prefers dark colors.</param>
    public async Task<OpenPage> OpenAsync(string file, string fragment = "", int width = 1280, int height = 800, bool isDark = false)
    {
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            Offline = true,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            AcceptDownloads = true,
        });
        IPage page = await context.NewPageAsync();
        var opened = new OpenPage(page);
        await page.GotoAsync($"file://{file}{(fragment.Length > 0 ? "#" : "")}{fragment}");
        await page.WaitForFunctionAsync("() => window.atlas && atlas.firstDraw() !== null");
        return opened;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
