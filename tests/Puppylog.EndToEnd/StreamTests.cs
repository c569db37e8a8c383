using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Sources that are no files: pipes, commands, syslog; and those of containers.</summary>
public sealed class StreamTests(PublishedProgram program) : IDisposable
{
    /// <summary>Writes numbered lines, a few at a time, and goes on with those that were not written when nobody reads.</summary>
    const string Writer = """
        import os, signal, sys
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        path, writer, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
        pipe, at = None, 0
        while at < count:
            pipe = pipe or os.open(path, os.O_WRONLY)
            end = min(count, at + 1 + at % 50)
            data = b"".join(b"%s %07d the quick brown fox\n" % (writer.encode(), i) for i in range(at, end))
            try:
                assert os.write(pipe, data) == len(data) <= 4096
                at = end
            except BrokenPipeError:
                os.close(pipe)
                pipe = None
            if pipe and at % 977 == 0:
                os.close(pipe)
                pipe = None
        """;

    /// <summary>Lines of each writer to a pipe.</summary>
    static int Lines => int.TryParse(Environment.GetEnvironmentVariable("PUPPYLOG_PIPE_LINES"), NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : 50_000;

    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Pipe_of_four_writers_loses_nothing_through_stops_and_starts()
    {
        var count = Lines;
        var pipe = _directory["app.pipe"];
        File.WriteAllText(_directory["writer.py"], Writer);
        (await program.RunScriptAsync("mkfifo \"$1\"", pipe)).Expect(0);
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => program.RunScriptAsync(
            "python3 \"$@\"", _directory["writer.py"], pipe, $"w{writer}", count.ToString(CultureInfo.InvariantCulture))));
        var random = new Random(4);
        while (!writing.IsCompleted)
        {
            await using var collector = Collect($"fifo:{pipe}");
            var reads = collector.WaitForErrorAsync(lines => lines.Length > 0, "the first lines");
            if (await Task.WhenAny(reads, writing) == reads)
            {
                await reads;
                await Task.WhenAny(writing, Task.Delay(random.Next(400), TestContext.Current.CancellationToken));
                await collector.StopAsync();
            }
            else
            {
                // All is written before it told of a line: the pipe may be full, or empty and the collector hardly begun.
                collector.Terminate();
                await collector.WaitForExitAsync();
            }
        }

        Assert.All(await writing, writer => writer.Expect(0));
        var lines = Encoding.ASCII.GetString(await program.RawAsync(_directory.Data)).Split('\n')[..^1];
        var expected = Enumerable.Range(0, 4).SelectMany(writer => Enumerable.Range(0, count).Select(i => $"w{writer} {i:D7} the quick brown fox"));
        Assert.Equal(expected, lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Command_is_read_and_started_again()
    {
        await using var collector = Collect($"exec:echo line; echo trouble >&2; exit 3");
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("ended with exit code 3; it is started again in 1 s", StringComparison.Ordinal)), "its end");
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        Assert.Contains(collector.ErrorLines, line => line.EndsWith(": trouble", StringComparison.Ordinal));
        await collector.StopAsync();
        (await program.RunAsync("collect", "-s", "exec:echo once; exit 3", "--data", _directory.Data)).Expect(2);
        Assert.Equal(1, await program.CountAsync(_directory.Data, "once"));
    }

    [Fact]
    public async Task Container_files_are_read_with_what_their_paths_say()
    {
        var id = new string('a', 64);
        Directory.CreateDirectory(_directory["containers"]);
        File.WriteAllText(
            _directory[$"containers/web_shop_nginx-{id}.log"],
            "2026-11-21T14:00:05.000000001Z stdout P half \n2026-11-21T14:00:05.000000002Z stdout F line\n2026-11-21T14:00:06Z stderr F other\n");
        await program.CollectAsync(_directory.Data, $"containers:{_directory["containers"]}");
        var rows = (await program.RunAsync("search", "{kubernetes.namespace=\"shop\",kubernetes.pod=\"web\"} | sort by (_time) | fields _msg, stream, kubernetes.container, container_id", "--data", _directory.Data, "-o", "json")).Expect(0);
        Assert.Equal(
            ["half line stdout nginx", "other stderr nginx"],
            rows.Lines.Select(StoreQueries.Json).Select(row => $"{row.Field("_msg")} {row.Field("stream")} {row.Field("kubernetes.container")}"));
        Assert.Equal(id, StoreQueries.Json(rows.Lines[0]).Field("container_id"));
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task Syslog_is_received(string transport)
    {
        var port = FreePort(transport);
        await using var collector = Collect($"syslog:{transport}://127.0.0.1:{port}");
        using var sender = transport == "udp" ? new Socket(SocketType.Dgram, ProtocolType.Udp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Eventually.HoldsAsync(async () => await ListensAsync(transport, port), () => $"nobody listens; {string.Join('\n', collector.ErrorLines)}");
        sender.Connect(IPAddress.Loopback, port);
        foreach (var message in new[] { "<34>1 2026-11-21T14:00:05.003Z web shop 12 ID47 [a@1 b=\"c\"] new one", "<35>Nov 21 14:00:06 web shop[13]: old one" })
        {
            sender.Send(Encoding.ASCII.GetBytes(transport == "udp" ? message : $"{message.Length} {message}"));
        }

        await program.WaitForCountAsync(_directory.Data, 2, collector);
        await collector.StopAsync();
        var rows = (await program.RunAsync("search", "host_ip:=127.0.0.1 | sort by (_msg) | fields _msg, application_name, host", "--data", _directory.Data, "-o", "json")).Expect(0);
        Assert.Equal(["new one", "old one"], rows.Lines.Select(line => StoreQueries.Json(line).Field("_msg")));
    }

    [Fact]
    public async Task Syslog_over_tls_is_received_beside_a_sender_that_does_it_wrong()
    {
        WriteCertificate();
        var port = FreePort("tcp");
        await using var collector = Collect($"syslog:tls://127.0.0.1:{port}?cert={_directory["server.crt"]}&key={_directory["server.key"]}");
        await Eventually.HoldsAsync(async () => await ListensAsync("tcp", port), () => $"nobody listens; {string.Join('\n', collector.ErrorLines)}");
        using var plain = new TcpClient("127.0.0.1", port);
        await using var sender = new SslStream(new TcpClient("127.0.0.1", port).GetStream(), false, (_, certificate, _, _) => certificate?.Subject == "CN=server");
        await sender.AuthenticateAsClientAsync("server");
        plain.Client.Send("<34>plain text\n"u8);
        await sender.WriteAsync("<34>1 - - - - - - one\n28 <34>1 - - - - - - two\nlines."u8.ToArray(), TestContext.Current.CancellationToken);
        await sender.FlushAsync(TestContext.Current.CancellationToken);
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.EndsWith("127.0.0.1 sent plain text to a port for TLS; further ones are counted", StringComparison.Ordinal)), "the mistake");
        await collector.StopAsync();
        Assert.Equal("<34>1 - - - - - - one\n<34>1 - - - - - - two\nlines.\n", Encoding.ASCII.GetString(await program.RawAsync(_directory.Data)));
    }

    [Theory]
    [InlineData("syslog:http://0.0.0.0", "is not like syslog:udp://0.0.0.0:514")]
    [InlineData("fifo:", "'fifo:' names nothing: write fifo:/path")]
    public async Task Name_that_no_source_can_have_is_refused(string source, string reason)
    {
        var result = (await program.RunAsync("collect", "-s", source, "--data", _directory.Data)).Expect(2);
        Assert.Contains(reason, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_that_is_taken_is_said()
    {
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var name = $"syslog:tcp://127.0.0.1:{((IPEndPoint)other.LocalEndPoint!).Port}";
        var result = (await program.RunAsync("collect", "-s", name, "--data", _directory.Data)).Expect(2);
        Assert.Contains($"cannot listen on {name}: the port is taken by another program", result.Errors, StringComparison.Ordinal);
    }

    RunningProgram Collect(string source) => program.Start("collect", "-s", source, "--watch", "--data", _directory.Data, "-o", "json");

    void WriteCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(_directory["server.crt"], certificate.ExportCertificatePem());
        File.WriteAllText(_directory["server.key"], key.ExportPkcs8PrivateKeyPem());
    }

    static int FreePort(string transport)
    {
        using var socket = transport == "udp" ? new Socket(SocketType.Dgram, ProtocolType.Udp) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>True where the system has a socket on the port, as /proc/net says.</summary>
    static async Task<bool> ListensAsync(string transport, int port)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $":{port:X4} ");
        var tables = await Task.WhenAll(File.ReadAllTextAsync($"/proc/net/{transport}"), File.ReadAllTextAsync($"/proc/net/{transport}6"));
        return tables.Any(table => table.Contains(place, StringComparison.Ordinal));
    }
}
