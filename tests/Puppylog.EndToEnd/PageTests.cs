using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Puppylog.EndToEnd.Harness;
using static Microsoft.Playwright.Assertions;

namespace Puppylog.EndToEnd;

/// <summary>The web page of <c>puppylog serve</c> in a real browser, on the real access log.</summary>
public sealed partial class PageTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_record_is_searched_for_opened_shown_among_its_neighbours_and_filtered_by()
    {
        await using var server = await ServeAccessLogAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/");

        await Expect(Status(page)).ToContainTextAsync("9,999 records");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("status:>=500");
        await Expect(Status(page)).ToContainTextAsync("3 records");
        await Expect(Rows(page)).ToHaveCountAsync(3);
        Assert.EndsWith("/search?q=status%3A%3E%3D500", page.Url, StringComparison.Ordinal);

        await Rows(page).Filter(new() { HasText = "OPTIONS" }).ClickAsync();
        var details = page.GetByRole(AriaRole.Complementary, new() { Name = "The record's fields" });
        await Expect(details).ToContainTextAsync("64.131.102.243");

        await details.GetByText("Show around it").ClickAsync();
        var around = page.GetByRole(AriaRole.Dialog);
        await Expect(around.Locator(".row.selected")).ToContainTextAsync("64.131.102.243");
        await Expect(around).ToContainTextAsync("records, oldest first");
        Assert.True(await around.Locator(".row").CountAsync() > 10);
        await page.Keyboard.PressAsync("Escape");

        await details.GetByRole(AriaRole.Button, new() { Name = "No records with this method" }).ClickAsync();
        await Expect(Status(page)).ToContainTextAsync("2 records");
        await Expect(page.Locator("textarea")).ToHaveValueAsync("status:>=500 !method:=OPTIONS");
        await page.GoBackAsync();
        await Expect(Status(page)).ToContainTextAsync("3 records");
        Assert.Empty(browser.Complaints);
        Assert.Equal([new Uri(server.Url).Authority], browser.Hosts);
    }

    [Fact]
    public async Task Dragging_over_the_histogram_narrows_the_time_and_the_last_row_can_be_scrolled_to()
    {
        await using var server = await ServeAccessLogAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/search");

        await Expect(Status(page)).ToContainTextAsync("9,999 records");
        await page.Locator("[role=rowgroup]").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Expect(page.Locator(".row.selected")).ToContainTextAsync("83.149.9.216 - - [17/May/2015:10:05");

        var plot = (await page.Locator(".u-over").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(plot.X + (plot.Width * 0.3f), plot.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(plot.X + (plot.Width * 0.5f), plot.Y + 30, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await Expect(page).ToHaveURLAsync(NarrowedAddress());
        await Expect(Status(page)).Not.ToContainTextAsync("9,999 records");
        await Expect(Status(page)).ToContainTextAsync("records");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_mistake_is_marked_at_its_place_and_values_are_proposed()
    {
        await using var server = await ServeAccessLogAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/search?q=" + Uri.EscapeDataString("status > 500"));

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("expected a field right before '>'");
        await Expect(page.Locator(".place")).ToHaveTextAsync(">");

        await page.Locator("textarea").FillAsync("");
        await page.Locator("textarea").PressSequentiallyAsync("method:");
        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = "OPTIONS" }).ClickAsync();
        await Expect(page.Locator("textarea")).ToHaveValueAsync("method:OPTIONS ");
        await Expect(Status(page)).ToContainTextAsync("1 record");
    }

    [Fact]
    public async Task A_trace_is_followed_through_files_and_what_logs_say_is_never_markup()
    {
        var first = _directory["shop.log"];
        var second = _directory["pay.log"];
        File.WriteAllText(first, """
            {"time":"2026-01-01T00:00:01Z","level":"info","message":"<img src=x onerror=alert(1)>\u001b[31mred","trace_id":"t-1"}
            {"time":"2026-01-01T00:00:04Z","level":"info","message":"done","trace_id":"t-1"}
            {"time":"2026-01-01T00:00:05Z","level":"info","message":"somebody else","trace_id":"t-2"}

            """);
        File.WriteAllText(second, """{"time":"2026-01-01T00:00:02Z","level":"error","message":"card refused","trace_id":"t-1"}""" + "\n");
        (await program.RunAsync("collect", "-s", first, "-s", second, "--data", _directory.Data)).Expect(0);
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/search?q=refused");

        await Rows(page).First.ClickAsync();
        await page.GetByText("Follow this trace").ClickAsync();
        var trace = page.GetByRole(AriaRole.Dialog).Locator(".row");
        await Expect(trace).ToHaveCountAsync(3);
        await Expect(trace.Nth(0)).ToContainTextAsync(@"<img src=x onerror=alert(1)>\e[31mred");
        await Expect(trace.Nth(1)).ToContainTextAsync("card refused");
        await Expect(trace.Nth(2)).ToContainTextAsync("done");
        Assert.Equal(0, await page.Locator("img[src=x]").CountAsync());
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_live_tail_shows_what_is_written_waits_while_it_is_paused_and_loses_nothing()
    {
        var log = _directory["access.log"];
        AccessLines.Append(log, AccessLines.Lines(0, 5));
        await using var server = new AgentServer(program, _directory.Data, "-s", log);
        await server.StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/live");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Live");
        AccessLines.Append(log, AccessLines.Lines(5, 10));
        await Expect(page.Locator(".row").Filter(new() { HasText = "/seq/0000014" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        AccessLines.Append(log, AccessLines.Lines(15, 10));
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("10 waiting");
        await Expect(page.Locator(".row").Filter(new() { HasText = "/seq/0000024" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(page.Locator(".row").Filter(new() { HasText = "/seq/0000024" })).ToBeVisibleAsync();
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_dashboard_shows_traffic_and_leads_to_the_records_of_a_section()
    {
        await using var server = await ServeAccessLogAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url + "/dashboard");

        await Expect(page.GetByText("/presentations")).ToBeVisibleAsync();
        await Expect(page.Locator(".u-over")).ToHaveCountAsync(2);
        await page.GetByText("/presentations").ClickAsync();
        await Expect(Status(page)).ToContainTextAsync("2,305 records");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Files_are_packed_kept_by_name_and_bound_to_this_server()
    {
        await using var server = new AgentServer(program, _directory.Data, "--token", "secret");
        await server.StartAsync();
        using var client = new HttpClient { BaseAddress = new(server.Url) };
        var cancellation = TestContext.Current.CancellationToken;

        using var index = await client.GetAsync("/search", cancellation);
        Assert.Equal(HttpStatusCode.OK, index.StatusCode);
        Assert.Equal("text/html; charset=utf-8", index.Content.Headers.ContentType?.ToString());
        var policy = index.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", index.Headers.GetValues("X-Content-Type-Options").Single());
        var html = await index.Content.ReadAsStringAsync(cancellation);
        var script = html.Split("src=\"")[1].Split('"')[0];

        foreach (var (coding, magic) in new[] { ("gzip", (byte[])[0x1f, 0x8b]), ("br", []), ("br;q=0, identity", []) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, script);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
            using var answer = await client.SendAsync(request, cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(coding.StartsWith("br;", StringComparison.Ordinal) ? [] : [coding], answer.Content.Headers.ContentEncoding);
            Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", answer.Headers.GetValues("Cache-Control")));
            Assert.Equal(magic, (await answer.Content.ReadAsByteArrayAsync(cancellation))[..magic.Length]);
        }

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(index.Headers.ETag!);
        using var unchanged = await client.SendAsync(again, cancellation);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var absent = await client.GetAsync("/assets/none.js", cancellation);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        using var refused = await client.GetAsync("/select/logsql/query?query=*", cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var posted = await client.PostAsync("/search", new StringContent("", Encoding.UTF8), cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [GeneratedRegex(@"/search\?time=2015-05-1[89]T")]
    private static partial Regex NarrowedAddress();

    static ILocator Status(IPage page) => page.Locator(".strip [role=status]").First;

    static ILocator Rows(IPage page) => page.Locator(".rows .row");

    async Task<AgentServer> ServeAccessLogAsync()
    {
        (await program.RunAsync("collect", "-s", Repository.SharedData("apache_access.log"), "--data", _directory.Data)).Expect(0);
        var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        return server;
    }
}
