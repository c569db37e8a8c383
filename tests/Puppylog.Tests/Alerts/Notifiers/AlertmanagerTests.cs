using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Puppylog.Alerts.Notifiers;
using Puppylog.Tests.Alerts.Notices;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Alerts.Notifiers;

/// <summary>Against Debian's prometheus-alertmanager, where it is installed.</summary>
public sealed class AlertmanagerTests : IDisposable
{
    const string Program = "/usr/bin/prometheus-alertmanager";

    readonly TemporaryDirectory _directory = new();
    readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Alertmanager_shows_what_fires_and_drops_what_recovered()
    {
        Assert.SkipUnless(File.Exists(Program), "prometheus-alertmanager is not installed");
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using var manager = Start(address);
        try
        {
            var notifier = WebhookNotifier.Alertmanager(_http, address, null, TimeProvider.System);
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            await UntilAsync(async () => (await _http.GetAsync($"{address}-/ready")).IsSuccessStatusCode);
            var firing = SampleNotices.Firing(1, "/a") with { Time = now - 60, Fired = now - 60 };
            await notifier.SendAsync([firing, SampleNotices.Firing(2, "/b") with { Time = now - 60, Fired = now - 60 }], TestContext.Current.CancellationToken);
            await notifier.SendAsync([firing], TestContext.Current.CancellationToken);
            await UntilAsync(async () => await SegmentsAsync(address) == "/a /b");

            await notifier.SendAsync([SampleNotices.Recovered(1, "/a") with { Time = now - 30, Fired = now - 60 }], TestContext.Current.CancellationToken);
            await UntilAsync(async () => await SegmentsAsync(address) == "/b");
        }
        finally
        {
            manager.Kill(entireProcessTree: true);
            await manager.WaitForExitAsync(CancellationToken.None);
        }
    }

    async Task<string> SegmentsAsync(Uri address)
    {
        var alerts = JsonDocument.Parse(await _http.GetStringAsync($"{address}api/v2/alerts?active=true", TestContext.Current.CancellationToken)).RootElement;
        return string.Join(' ', alerts.EnumerateArray().Select(alert => alert.GetProperty("labels").GetProperty("segment").GetString()).Order());
    }

    static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (true)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    Process Start(Uri address)
    {
        var configuration = Path.Combine(_directory.Path, "alertmanager.yml");
        File.WriteAllText(configuration, "route:\n  receiver: none\nreceivers:\n- name: none\n");
        return Process.Start(new ProcessStartInfo(
            Program,
            [$"--config.file={configuration}", $"--storage.path={_directory.Path}", $"--web.listen-address={address.Authority}", "--cluster.listen-address=", "--log.level=error"])
        { RedirectStandardError = true })!;
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
