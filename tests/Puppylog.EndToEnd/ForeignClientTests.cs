using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Debian's own programs as clients of a server: nobody here wrote what they send.</summary>
public sealed class ForeignClientTests(PublishedProgram program) : IDisposable
{
    const string Rsyslog = "/usr/sbin/rsyslogd";
    const string RsyslogElasticsearch = "/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so";
    const string Prometheus = "/usr/bin/prometheus";
    const int Lines = 3000;

    readonly TestDirectory _directory = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    /// <summary>Quotes, backslashes, tabs and letters that are not ASCII have to come through its templates and ours.</summary>
    [Theory]
    [InlineData("TCP_Framing=\"octet-counted\" template=\"RSYSLOG_SyslogProtocol23Format\"")]
    [InlineData("TCP_Framing=\"traditional\" template=\"RSYSLOG_SyslogProtocol23Format\"")]
    [InlineData("TCP_Framing=\"traditional\" template=\"RSYSLOG_TraditionalForwardFormat\"")]
    public async Task Rsyslog_forwards_by_syslog(string how)
    {
        Assert.SkipUnless(File.Exists(Rsyslog), "rsyslogd is not installed (Debian: rsyslog)");
        var port = FreePort();
        await using var server = new AgentServer(program, _directory.Data, "-s", $"syslog:tcp://127.0.0.1:{Text(port)}");
        await server.StartAsync();
        using var rsyslog = StartRsyslog($"action(type=\"omfwd\" target=\"127.0.0.1\" port=\"{Text(port)}\" protocol=\"tcp\" action.resumeRetryCount=\"-1\" {how})");
        try
        {
            await ExpectLinesAsync(server, "application_name:app level:notice facility:local0");
        }
        finally
        {
            await EndAsync(rsyslog);
        }
    }

    /// <summary>
    /// It sends what was not answered again, so that a line may come twice, but none is missing. Its queue holds them all: one that
    /// stays full for two seconds (queue.timeoutEnqueue) makes rsyslog itself throw lines away.
    /// </summary>
    [Fact]
    public async Task Rsyslog_sends_to_the_bulk_endpoint_and_loses_nothing_through_a_kill()
    {
        Assert.SkipUnless(File.Exists(Rsyslog) && File.Exists(RsyslogElasticsearch), "rsyslog's omelasticsearch is not installed (Debian: rsyslog-elasticsearch)");
        await using var server = new AgentServer(program, _directory.Data);
        await server.StartAsync();
        using var rsyslog = StartRsyslog(
            $"action(type=\"omelasticsearch\" server=\"{server.Url}/insert/elasticsearch\" healthchecktimeout=\"10000\" searchIndex=\"logs\" searchType=\"\" template=\"es\" bulkmode=\"on\" errorFile=\"{_directory["refused"]}\" action.resumeRetryCount=\"-1\" action.resumeInterval=\"1\" queue.type=\"LinkedList\" queue.size=\"10000\" queue.dequeueBatchSize=\"50\")",
            lines: Lines / 2);
        try
        {
            await Eventually.HoldsAsync(async () => await CountAsync(server, "*") > 0, () => "nothing comes");
            await server.KillAsync();
            WriteLines(Lines / 2, Lines);
            await server.StartAsync();
            await ExpectLinesAsync(server, "program:app level:notice");
            Assert.False(File.Exists(_directory["refused"]), "rsyslog was told that an entry is refused");
        }
        finally
        {
            await EndAsync(rsyslog);
        }
    }

    [Fact]
    public async Task Prometheus_scrapes_without_a_warning()
    {
        Assert.SkipUnless(File.Exists(Prometheus), "prometheus is not installed (Debian: prometheus)");
        File.WriteAllText(_directory["a.log"], "one\ntwo\n");
        await using var server = new AgentServer(program, _directory.Data, "-s", _directory["a.log"]);
        await server.StartAsync();
        var address = $"127.0.0.1:{Text(FreePort())}";
        File.WriteAllText(_directory["prometheus.yml"], $"scrape_configs:\n- job_name: puppylog\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\n  static_configs:\n  - targets: ['127.0.0.1:{Text(server.Port)}']\n");
        using var prometheus = Process.Start(new ProcessStartInfo(
            Prometheus, [$"--config.file={_directory["prometheus.yml"]}", $"--storage.tsdb.path={_directory["tsdb"]}", $"--web.listen-address={address}", "--log.level=warn"])
        { RedirectStandardError = true })!;
        var said = prometheus.StandardError.ReadToEndAsync(Cancellation);
        try
        {
            using var http = new ApiClient($"http://{address}");
            var answer = default(JsonElement);
            await Eventually.HoldsAsync(
                async () => await TryAskAsync(http, "/api/v1/query?query=puppylog_store_records") is { } found
                    && (answer = found).GetProperty("data").GetProperty("result").EnumerateArray().Any(sample => sample.GetProperty("value")[1].GetString() == "2"),
                () => $"Prometheus does not know of two records: {answer}");
            var target = (await http.JsonAsync("/api/v1/targets")).GetProperty("data").GetProperty("activeTargets")[0];
            Assert.Equal(("up", ""), (target.GetProperty("health").GetString(), target.GetProperty("lastError").GetString()));
        }
        finally
        {
            await EndAsync(prometheus);
        }

        Assert.DoesNotContain("level=warn", await said, StringComparison.Ordinal);
    }

    static async Task<JsonElement?> TryAskAsync(ApiClient http, string path)
    {
        try
        {
            var (status, body) = await http.GetAsync(path);
            return status == HttpStatusCode.OK ? JsonDocument.Parse(body).RootElement : null;
        }
        catch (HttpRequestException)
        {
            // It is not up yet.
            return null;
        }
    }

    Process StartRsyslog(string action, int lines = Lines)
    {
        WriteLines(0, lines);
        Directory.CreateDirectory(_directory["spool"]);
        File.WriteAllText(_directory["rsyslog.conf"], $$"""
            global(workDirectory="{{_directory["spool"]}}")
            module(load="imfile")
            {{(action.Contains("omelasticsearch", StringComparison.Ordinal) ? "module(load=\"omelasticsearch\")" : "")}}
            template(name="es" type="list" option.jsonf="on") {
              property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
              property(outname="host" name="hostname" format="jsonf")
              property(outname="severity" name="syslogseverity-text" format="jsonf")
              property(outname="program" name="programname" format="jsonf")
              property(outname="message" name="msg" format="jsonf")
            }
            input(type="imfile" File="{{_directory["app.log"]}}" Tag="app:" ruleset="out" readTimeout="1")
            ruleset(name="out") {
              {{action}}
            }

            """);
        return Process.Start(new ProcessStartInfo(Rsyslog, ["-n", "-f", _directory["rsyslog.conf"], "-i", _directory["rsyslog.pid"]]) { RedirectStandardError = true })!;
    }

    void WriteLines(int from, int to) => File.AppendAllLines(_directory["app.log"], Enumerable.Range(from, to - from).Select(Line));

    static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"line {number} of \"shop\" at C:\\logs\\ künftig ☃ {{\"a\":[1]}}");

    async Task ExpectLinesAsync(AgentServer server, string query)
    {
        await Eventually.HoldsAsync(async () => await CountAsync(server, $"{query} | uniq by (_msg)") == Lines, () => "lines are missing");
        using var api = new ApiClient(server.Url);
        var (_, body) = await api.GetAsync($"/select/logsql/query?limit=100000&query={Uri.EscapeDataString($"{query} | uniq by (_msg)")}");
        var found = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("_msg").GetString());
        Assert.Equal(Enumerable.Range(0, Lines).Select(Line).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    static async Task<int> CountAsync(AgentServer server, string query)
    {
        using var api = new ApiClient(server.Url);
        var (_, body) = await api.GetAsync($"/select/logsql/query?query={Uri.EscapeDataString($"{query} | stats count() n")}");
        return int.Parse(JsonDocument.Parse(body).RootElement.GetProperty("n").ToString(), CultureInfo.InvariantCulture);
    }

    static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
