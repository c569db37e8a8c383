using System.Text;
using Microsoft.Playwright;
using Puppylog.EndToEnd.Harness;
using static Microsoft.Playwright.Assertions;

namespace Puppylog.EndToEnd;

/// <summary>The alerts of the web page in a real browser, on a store that is written meanwhile.</summary>
public sealed class AlertPageTests : IAsyncDisposable
{
    const string Hostile = "<img src=x onerror=alert(1)>\u001b[31mred";

    readonly TestDirectory _directory = new();
    readonly PublishedProgram _program;
    readonly AgentServer _server;
    readonly ApiClient _api;
    int _written;

    public AlertPageTests(PublishedProgram program)
    {
        _program = program;
        _server = new(program, _directory.Data, "-s", _directory["access.log"], "-s", _directory["shop.json"]);
        _api = new(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_alert_is_made_in_the_page_fires_shows_its_lines_is_silenced_changed_and_deleted()
    {
        await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(_server.Url + "/search");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("a");
        await Expect(page.GetByText("There are no alerts.")).ToBeVisibleAsync();

        // What it would have done, as it is written.
        await page.GetByRole(AriaRole.Link, new() { Name = "New alert" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("busy");
        await page.GetByLabel("Metric").SelectOptionAsync("hits");
        await page.GetByLabel("of the last").FillAsync("10s");
        await page.GetByLabel("Threshold").FillAsync("0.5");
        var preview = page.GetByRole(AriaRole.Region, new() { Name = "Preview on stored logs" });
        await Expect(preview.GetByRole(AriaRole.Status)).ToContainTextAsync("Would have fired 5 times");
        await Expect(preview.Locator(".u-over")).ToBeVisibleAsync();
        // A head, five firings and four recoveries: the last one fires until the last record.
        await Expect(preview.GetByRole(AriaRole.Row)).ToHaveCountAsync(10);
        await page.GetByLabel("of the last").FillAsync("1 week");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("expected a duration");
        await Expect(page.GetByLabel("of the last")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("of the last").FillAsync("10");
        await page.GetByLabel("Threshold").FillAsync("30");
        await Expect(preview.GetByRole(AriaRole.Status)).ToContainTextAsync("Would not have fired");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the alert" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(_server.Url + "/alerts?id=busy");
        await Expect(State(page)).Not.ToContainTextAsync("Firing");

        // It fires on what is written now, and leads to the lines.
        Write(60);
        await Expect(State(page)).ToContainTextAsync("Firing");
        var history = page.GetByRole(AriaRole.Table, new() { Name = "What it did" });
        var fired = history.GetByRole(AriaRole.Row).Filter(new() { HasText = "Fired" });
        await Expect(fired).ToHaveCountAsync(1);
        await fired.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "The newest lines that caused it" }).GetByRole(AriaRole.Listitem).First).ToContainTextAsync("GET /seq/");
        await fired.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator(".rows .row").First).ToContainTextAsync("GET /seq/");
        Assert.Contains("/search?q=method%3A*&time=20", page.Url, StringComparison.Ordinal);
        await page.GoBackAsync();

        // Silenced, from the keyboard; the focus comes back.
        await page.GetByRole(AriaRole.Button, new() { Name = "Silence…" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("For", new() { Exact = true }).FillAsync("soon");
        await page.GetByLabel("Why").FillAsync("moving <b>the shop</b>");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert).First).ToContainTextAsync("soon");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Silence…" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("Why").FillAsync("moving <b>the shop</b>");
        await page.Keyboard.PressAsync("Enter");
        await Expect(State(page)).ToContainTextAsync("Silent until");
        await Expect(page.GetByText("moving <b>the shop</b>")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "End the silence" }).ClickAsync();
        await Expect(State(page)).Not.ToContainTextAsync("Silent until");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Expect(page.GetByText("A test was sent to")).ToBeVisibleAsync();

        // Changed in its place: what it did stays.
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await Expect(page.GetByLabel("Threshold")).ToHaveValueAsync("30");
        await page.GetByLabel("Threshold").FillAsync("40");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("sum of hits over 10 s above 40")).ToBeVisibleAsync();
        await Expect(fired).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.GetByText("There are no alerts.")).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
        Assert.Equal([new Uri(_server.Url).Authority], browser.Hosts);
    }

    [Fact]
    public async Task Segments_of_an_alert_are_never_markup_and_a_phone_shows_them()
    {
        await StartAsync();
        await _api.PostedAsync("/api/v1/metrics", """{"id":"users","period":1,"filter":"user:*","segments":["user"]}""", System.Net.HttpStatusCode.Created);
        await _api.PostedAsync("/api/v1/alerts", """{"id":"each","metric":"users","statistic":"sum","window":10,"above":2,"per_segment":true,"labels":{"team":"<script>"}}""", System.Net.HttpStatusCode.Created);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(_server.Url + "/alerts");
        await page.SetViewportSizeAsync(390, 800);
        await Expect(page.GetByText("None is firing, 1 in all")).ToBeVisibleAsync();
        WriteUsers(Hostile, 5);
        await Expect(page.GetByText("1 firing, 1 in all")).ToBeVisibleAsync();
        await Expect(page.GetByText(@"<img src=x onerror=alert(1)>\e[31mred")).ToBeVisibleAsync();
        await NoSidewaysAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "each" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "What it did" })).ToContainTextAsync(@"<img src=x onerror=alert(1)>\e[31mred");
        await Expect(page.Locator(".u-over")).ToBeVisibleAsync();
        await Expect(page.Locator(".legend")).ToContainTextAsync(@"<img src=x onerror=alert(1)>\e[31mred");
        await page.GetByRole(AriaRole.Table, new() { Name = "What it did" }).GetByRole(AriaRole.Button, new() { Name = "Show" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "The newest lines that caused it" })).ToContainTextAsync("came in");
        await NoSidewaysAsync(page);
        await page.GetByRole(AriaRole.Table, new() { Name = "What it did" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.Locator("textarea")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^user:\\* user:=\"<img"));
        await Expect(page.Locator(".rows .row").First).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("img[src=x]").CountAsync());
        Assert.Empty(browser.Complaints);
    }

    /// <summary>Nothing reaches beyond the screen's right edge.</summary>
    static async Task NoSidewaysAsync(IPage page) => Assert.Equal("", await Browser.BeyondTheEdgeAsync(page));

    static ILocator State(IPage page) => page.Locator(".head [role=status]");

    /// <summary>Five hits of a while ago, two minutes apart, and a metric that has them.</summary>
    async Task StartAsync()
    {
        var then = TimeProvider.System.GetUtcNow().AddMinutes(-20);
        AccessLines.Append(_directory["access.log"], Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5).Select(i => AccessLines.Line(_written++, then.AddMinutes(2 * i)) + "\n"))));
        File.WriteAllText(_directory["shop.json"], "");
        await _server.StartAsync();
        await _api.PostedAsync("/api/v1/metrics", """{"id":"hits","period":1,"filter":"method:*"}""", System.Net.HttpStatusCode.Created);
        await Eventually.HoldsAsync(async () => (await _api.ListAsync("/api/v1/metrics/hits/observations", "observations")).Length == 5, () => "the hits are not counted");
    }

    void Write(int lines) =>
        AccessLines.Append(_directory["access.log"], Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(_ => AccessLines.Line(_written++, TimeProvider.System.GetUtcNow()) + "\n"))));

    void WriteUsers(string user, int records) =>
        AccessLines.Append(_directory["shop.json"], Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, records).Select(i =>
            System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["time"] = TimeProvider.System.GetUtcNow().ToString("O"), ["message"] = $"{i} came in", ["user"] = user }) + "\n"))));
}
