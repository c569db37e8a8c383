using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;
using Puppylog.Tests.Alerts.Notifiers;

namespace Puppylog.EndToEnd;

/// <summary>Notices of the program to real receivers on loopback.</summary>
public sealed class AlertNotifierTests(PublishedProgram program) : IDisposable
{
    const string Alertmanager = "/usr/bin/prometheus-alertmanager";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    public void Dispose() => _directory.Dispose();

    /// <summary>A server that fails, asks for patience, hangs and breaks off, a mail server, a command that fails first, and a crash in between.</summary>
    [Fact]
    public async Task Every_receiver_gets_every_notice_however_it_fails_and_though_the_writer_is_killed()
    {
        var certificate = WriteCertificate();
        await using var hook = new FlakyReceiver(1, isFlaky: false);
        // 500, hangs, breaks off after it took them, 429.
        foreach (var answer in (int[])[2, 3, 4, 1])
        {
            hook.First.Enqueue(answer);
        }

        await using var mail = new PlayedMailServer(certificate);
        mail.Answers["RCPT"] = "451 later";
        var load = AlertLoad.Steep(1);
        var expected = load.Messages(20, 10, 10);
        var environment = new Dictionary<string, string> { ["HOOK_TOKEN"] = "abc", ["MAIL_PASSWORD"] = "s3cret" };
        await CreateAsync("hook", "--type", "webhook", "--url", $"{hook.Url}", "--token", "env:HOOK_TOKEN");
        await CreateAsync("mail", "--type", "email", "--host", "localhost", "--port", Text(mail.Port), "--ca", certificate, "--user", "me", "--password", "env:MAIL_PASSWORD", "--from", "p@example.org", "--to", "a@example.org");
        await CreateAsync("run", "--type", "command", "--command", $"if [ ! -e {_directory["once"]} ]; then touch {_directory["once"]}; exit 1; fi; cat >> {_directory["ran.jsonl"]}");
        await CreateAsync("log", "--type", "file", "--path", _directory["told.jsonl"]);
        await MakeRuleAsync();
        File.WriteAllBytes(Log, load.Bytes);
        await using (var first = Start(environment))
        {
            // Who hangs and fails delays nobody else.
            await Eventually.HoldsAsync(() => Keys("told.jsonl").Count == expected.Count, () => $"the file has {Keys("told.jsonl").Count} of {expected.Count}: {string.Join('\n', first.ErrorLines)}");
            first.Kill();
            await first.WaitForExitAsync();
        }

        mail.Answers.Remove("RCPT");
        await using var second = Start(environment);
        var keys = Keys("told.jsonl");
        await HoldsAsync(() => keys.IsSubsetOf(hook.Keys(acknowledged: true)), () => $"the webhook lacks some: {string.Join('\n', second.ErrorLines)}");
        await HoldsAsync(() => keys.IsSubsetOf(Keys("ran.jsonl")), () => "the command lacks some");
        await HoldsAsync(() => expected.All(message => mail.Mails.Any(text => Body(text).Contains(message, StringComparison.Ordinal))), () => $"mail lacks some: {string.Join('\n', second.ErrorLines)}");
        await second.StopAsync();
        // What fires at the end of the log may have recovered by the clock meanwhile.
        Assert.Empty(hook.Keys(acknowledged: false).Except(Keys("told.jsonl")));
        Assert.All(hook.Requests, request => Assert.Equal("Bearer abc", request.Authorization));
        Assert.All(mail.Heard.Where(heard => heard.Line.StartsWith("AUTH", StringComparison.Ordinal)), heard => Assert.True(heard.Secure));
        Assert.Contains("told", (await program.RunAsync(["alerts", "test", "high", "--data", _directory.Data], null, environment)).Expect(0).Text, StringComparison.Ordinal);
        var problem = (await program.RunAsync("alerts", "test", "high", "--data", _directory.Data)).Expect(2).Text;
        Assert.Contains("hook: the environment has no HOOK_TOKEN\n", problem, StringComparison.Ordinal);
        Assert.Contains("log: told\n", problem, StringComparison.Ordinal);
    }

    /// <summary>The receiver is dead when the backup is made, under a writer that has told another one meanwhile.</summary>
    [Fact]
    public async Task Restored_store_tells_what_waited_and_nothing_that_was_told()
    {
        var load = AlertLoad.Steep(1);
        var expected = load.Messages(20, 10, 10);
        File.WriteAllBytes(Log, load.Bytes);
        await CreateAsync("late", "--type", "command", "--command", $"test -e {_directory["alive"]} && cat >> {_directory["late.jsonl"]}");
        await CreateAsync("log", "--type", "file", "--path", _directory["told.jsonl"]);
        await MakeRuleAsync();
        await using (var first = Start([]))
        {
            await Eventually.HoldsAsync(() => Keys("told.jsonl").Count == expected.Count, () => $"the file has {Keys("told.jsonl").Count} of {expected.Count}: {string.Join('\n', first.ErrorLines)}");
            (await program.RunAsync("store", "backup", _directory["backup"], "--data", _directory.Data)).Expect(0);
            first.Kill();
            await first.WaitForExitAsync();
        }

        (await program.RunAsync("store", "restore", _directory["backup"], "--data", _directory["restored"])).Expect(0);
        File.WriteAllText(_directory["alive"], "");
        var before = Keys("told.jsonl");
        var history = (await program.RunAsync("alerts", "get", "high", "--told", "--data", _directory["restored"])).Expect(0).Text;
        Assert.All(expected, message => Assert.Contains(message, history, StringComparison.Ordinal));
        await using var second = program.Start("collect", "-s", Log, "--watch", "--data", _directory["restored"]);
        await HoldsAsync(() => before.IsSubsetOf(Keys("late.jsonl")), () => $"still not told: {string.Join('\n', second.ErrorLines)}");
        await second.StopAsync();
        foreach (var file in (string[])["late.jsonl", "told.jsonl"])
        {
            Assert.Equal(Keys(file).Count, File.ReadAllLines(_directory[file]).Length);
        }
    }

    [Fact]
    public async Task Alertmanager_shows_what_fires_until_it_recovers()
    {
        Assert.SkipUnless(File.Exists(Alertmanager), "prometheus-alertmanager is not installed");
        var address = $"http://127.0.0.1:{Text(FreePort())}";
        using var http = new HttpClient();
        using var manager = StartAlertmanager(address);
        try
        {
            await CreateAsync("am", "--type", "alertmanager", "--url", address);
            await MakeRuleAsync("--severity", "critical", "--label", "team=web");
            File.WriteAllBytes(Log, []);
            // Told once it is up: what waits is not given up.
            await using var collector = program.Start("collect", "-s", Log, "--watch", "--now", "--data", _directory.Data);
            AccessLines.Append(Log, AccessLines.Lines(0, 500));
            JsonElement alert = default;
            await HoldsAsync(async () => (alert = await FiringAsync(http, address)).ValueKind == JsonValueKind.Object, () => $"nothing fires: {string.Join('\n', collector.ErrorLines)}");
            Assert.Equal("""{"alertname":"high","severity":"critical","team":"web"}""", alert.GetProperty("labels").GetRawText());
            Assert.StartsWith("High traffic generated an alert - hits = 25, triggered at ", alert.GetProperty("annotations").Field("summary"), StringComparison.Ordinal);
            // Nothing more comes: the window empties by the clock.
            await HoldsAsync(async () => (await FiringAsync(http, address)).ValueKind == JsonValueKind.Undefined, () => "it fires for ever");
            await collector.StopAsync();
        }
        finally
        {
            manager.Kill(entireProcessTree: true);
            await manager.WaitForExitAsync(CancellationToken.None);
        }
    }

    static async Task<JsonElement> FiringAsync(HttpClient http, string address)
    {
        try
        {
            return JsonDocument.Parse(await http.GetStringAsync($"{address}/api/v2/alerts?active=true", TestContext.Current.CancellationToken)).RootElement.EnumerateArray().FirstOrDefault();
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return default;
        }
    }

    async Task MakeRuleAsync(params string[] more)
    {
        (await program.RunAsync("metrics", "create", "--default", "--data", _directory.Data)).Expect(0);
        (await program.RunAsync("alerts", "delete", "totaltraffic", "--data", _directory.Data)).Expect(0);
        (await program.RunAsync([
            "alerts", "create", "-id", "high", "--metric", "total_traffic", "--window", "20", "--above", "10", "--title", "High traffic", "--value-name", "hits", "--data", _directory.Data, .. more,
        ])).Expect(0);
    }

    async Task CreateAsync(string name, params string[] settings) =>
        (await program.RunAsync(["alerts", "notifiers", "create", name, .. settings, "--data", _directory.Data])).Expect(0);

    RunningProgram Start(Dictionary<string, string> environment) => program.Start(["collect", "-s", Log, "--watch", "--data", _directory.Data], environment);

    HashSet<string> Keys(string file) => File.Exists(_directory[file])
        ? [.. File.ReadAllLines(_directory[file]).Select(StoreQueries.Json).Select(notice => notice.Field("key"))]
        : [];

    /// <summary>Receivers that hang and fail take longer than <see cref="Eventually"/> waits.</summary>
    static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, otherwise());
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    static Task HoldsAsync(Func<bool> condition, Func<string> otherwise) => HoldsAsync(() => Task.FromResult(condition()), otherwise);

    /// <summary>The text of a mail, which is sent in base64.</summary>
    static string Body(string mail) => Encoding.UTF8.GetString(Convert.FromBase64String(mail[(mail.IndexOf("\n\n", StringComparison.Ordinal) + 2)..].Replace("\n", "", StringComparison.Ordinal)));

    string WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(_directory["mail.pem"], certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return _directory["mail.pem"];
    }

    Process StartAlertmanager(string address)
    {
        var configuration = _directory["alertmanager.yml"];
        File.WriteAllText(configuration, "route:\n  receiver: none\nreceivers:\n- name: none\n");
        return Process.Start(new ProcessStartInfo(
            Alertmanager,
            [$"--config.file={configuration}", $"--storage.path={_directory.Root}", $"--web.listen-address={new Uri(address).Authority}", "--cluster.listen-address=", "--log.level=error"])
        { RedirectStandardError = true })!;
    }

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
