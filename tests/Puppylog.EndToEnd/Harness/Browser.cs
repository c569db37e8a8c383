using Microsoft.Playwright;

namespace Puppylog.EndToEnd.Harness;

/// <summary>Debian's Chromium, driven; the test is skipped where it is not installed.</summary>
sealed class Browser : IAsyncDisposable
{
    const string Executable = "/usr/bin/chromium";

    readonly IPlaywright _playwright;
    readonly IBrowser _browser;
    readonly List<string> _complaints = [];

    Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Errors of scripts, and what the Content-Security-Policy refused.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Hosts that were asked for anything.</summary>
    public HashSet<string> Hosts { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Executable), $"{Executable} is not there: apt-get install chromium");
        Assertions.SetDefaultExpectTimeout((float)Eventually.Patience.TotalMilliseconds);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new(playwright, browser);
    }

    public async Task<IPage> OpenAsync(string address)
    {
        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1300, Height = 850 } });
        page.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            // What is refused is shown in the page; the browser tells of it, too.
            if (message.Type == "error" && !message.Text.Contains("status of 400", StringComparison.Ordinal) && !message.Text.Contains("status of 409", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
        page.Request += (_, request) => Hosts.Add(new Uri(request.Url).Authority);
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>What of a view reaches beyond the screen's right edge, by tag and class; the way to the views may, as it scrolls.</summary>
    public static Task<string> BeyondTheEdgeAsync(IPage page) => page.EvaluateAsync<string>("""
        [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.u-wrap, .hidden, thead')).map((e) => `${e.tagName}.${e.className}`).slice(0, 5).join(' ')
        """);

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
