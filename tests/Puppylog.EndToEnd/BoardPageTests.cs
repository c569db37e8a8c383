using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Puppylog.EndToEnd.Harness;
using static Microsoft.Playwright.Assertions;

namespace Puppylog.EndToEnd;

/// <summary>Metrics, sources, storage and the API's own page in a real browser.</summary>
public sealed partial class BoardPageTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_metric_is_made_with_its_preview_changed_and_kept_while_an_alert_watches_it()
    {
        (await program.RunAsync("collect", "-s", Repository.SharedData("apache_access.log"), "--data", _directory.Data)).Expect(0);
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        using var api = new ApiClient(server.Url);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/charts");

        await Expect(page.GetByText("There are no metrics.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New metric" }).ClickAsync();
        var preview = page.GetByRole(AriaRole.Region, new() { Name = "Preview on stored logs" });
        await Expect(preview.Locator(".u-over")).ToBeVisibleAsync();
        await page.GetByLabel("Name").FillAsync("missing");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Of records that match" }).FillAsync("status:(");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("expected");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Of records that match" }).FillAsync("status:404");
        await page.GetByLabel("per", new() { Exact = true }).FillAsync("1h");
        await page.GetByLabel("by", new() { Exact = true }).FillAsync("section");
        await Expect(preview.Locator(".legend")).ToContainTextAsync("/files");
        await page.GetByLabel("Statistic").FillAsync("median");
        await Expect(page.GetByText("of which the median is wanted")).ToBeVisibleAsync();
        await page.GetByLabel("Statistic").FillAsync("count");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the metric" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(server.Url + "/charts?id=missing");
        var chart = page.GetByRole(AriaRole.Region, new() { Name = "missing over time" });
        await Expect(chart.Locator(".legend")).ToContainTextAsync("/files");
        await Expect(chart.GetByRole(AriaRole.Status)).ToContainTextAsync("The largest 8 of");

        // A drag over it narrows the time.
        var plot = (await chart.Locator(".u-over").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(plot.X + (plot.Width * 0.4f), plot.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(plot.X + (plot.Width * 0.6f), plot.Y + 30, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await Expect(page).ToHaveURLAsync(NarrowedAddress());
        await page.GoBackAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        await Expect(page.GetByLabel("per", new() { Exact = true })).ToHaveValueAsync("3600");
        await page.GetByLabel("by", new() { Exact = true }).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("no alert")).ToBeVisibleAsync();
        Assert.Equal(0, (await api.JsonAsync("/api/v1/metrics/missing")).GetProperty("segments").GetArrayLength());

        await api.PostedAsync("/api/v1/alerts", """{"id":"many","metric":"missing","above":10}""", System.Net.HttpStatusCode.Created);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("the metric 'missing' is not deleted: the alert 'many' watches it; first 'puppylog alerts delete many'");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Delete…" })).ToBeFocusedAsync();
        await api.DeleteAsync("/api/v1/alerts/many");
        await page.Keyboard.PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.GetByText("There are no metrics.")).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
        Assert.Equal([new Uri(server.Url).Authority], browser.Hosts);
    }

    [Fact]
    public async Task Sources_tell_what_hinders_them_and_storage_what_there_is_on_a_phone_too()
    {
        var hostile = _directory["<img src=x onerror=alert(1)>.log"];
        AccessLines.Append(hostile, AccessLines.Lines(0, 2000));
        File.WriteAllText(_directory["puppylog.yaml"], $"sources:\n  - exec: exit 3\n  - path: '{hostile}'\n");
        await using var server = new AgentServer(program, _directory.Data, "--config", _directory["puppylog.yaml"]);
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/sources");

        var sources = page.GetByRole(AriaRole.Table, new() { Name = "Sources" });
        await Expect(sources.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("hindered");
        await Expect(sources.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("exit 3");
        await Expect(sources.GetByRole(AriaRole.Row).Filter(new() { HasText = "onerror=alert(1)" })).ToContainTextAsync("2,000");
        await page.SetViewportSizeAsync(390, 800);
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Streams" })).ToContainTextAsync("2,000");
        await NoSidewaysAsync(page);

        await page.GetByRole(AriaRole.Link, new() { Name = "Storage" }).ClickAsync();
        await Expect(page.Locator(".figures")).ToContainTextAsync("Disk left");
        await Expect(page.Locator(".figures")).ToContainTextAsync(CompressionText());
        await Expect(page.Locator(".u-over")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New group…" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("shop");
        await page.GetByLabel("Streams that match").FillAsync("error");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog).GetByText("expected a stream selector")).ToBeVisibleAsync();
        await page.GetByLabel("Streams that match").FillAsync("{file_path=~\".*\"}");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Groups" })).ToContainTextAsync("2,000");
        await NoSidewaysAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No groups:")).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("img[src=x]").CountAsync());
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_page_of_the_api_loads_and_answers_what_is_tried_in_it()
    {
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/docs");

        await Expect(page.GetByText("/api/v1/alerts/preview").First).ToBeVisibleAsync();
        await page.GetByLabel("Find").FillAsync("ready");
        var ready = page.Locator("details").Filter(new() { Has = page.GetByText("/ready", new() { Exact = true }) });
        await ready.Locator("summary").ClickAsync();
        await ready.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(ready.Locator("pre")).ToContainTextAsync("200 OK");
        Assert.Empty(browser.Complaints);
        Assert.Equal([new Uri(server.Url).Authority], browser.Hosts);
    }

    [GeneratedRegex(@"time=2015-05-1[89]T")]
    private static partial Regex NarrowedAddress();

    [GeneratedRegex(@"\d+\.\d : 1")]
    private static partial Regex CompressionText();

    /// <summary>Nothing reaches beyond the screen's right edge.</summary>
    static async Task NoSidewaysAsync(IPage page) => Assert.Equal("", await Browser.BeyondTheEdgeAsync(page));
}
