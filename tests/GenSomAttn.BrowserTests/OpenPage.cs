using Microsoft.Playwright;
using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>A page with its errors, warnings and requests since it was opened.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> _faults = [];
    private readonly List<string> _requests = [];

    /// <summary>Listens to a page that is still empty.</summary>
    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _faults.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _faults.Add($"exception: {error}");
        page.Dialog += async (_, dialog) =>
        {
            _faults.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) => _requests.Add(request.Url);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Evaluates a function of the page with an argument.</summary>
    public Task<T> RunAsync<T>(string function, object? argument = null) => Page.EvaluateAsync<T>(function, argument);

    /// <summary>Asserts that nothing was reported, and that nothing but the file itself was requested.</summary>
    public void AssertQuiet()
    {
        Assert.That(_faults, Is.Empty);
        Assert.That(_requests.Skip(1).Where(url => !url.StartsWith("data:", StringComparison.Ordinal)
            && !url.StartsWith("blob:", StringComparison.Ordinal)), Is.Empty);
        Assert.That(_requests, Is.Not.Empty);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
