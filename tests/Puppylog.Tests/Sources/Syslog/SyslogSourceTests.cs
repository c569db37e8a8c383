using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Sources;
using Puppylog.Sources.Syslog;
using Puppylog.Tests.Pipeline;

namespace Puppylog.Tests.Sources.Syslog;

public sealed class SyslogSourceTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("puppylog-");
    readonly ConcurrentQueue<string> _notices = new();
    readonly List<string> _messages = [];
    readonly List<SyslogSource> _sources = [];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _sources.ForEach(source => source.Dispose());
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("syslog:udp://127.0.0.1:0")]
    [InlineData("syslog:udp://[::]:0")]
    public async Task Datagram_is_a_message_whatever_is_in_it(string name)
    {
        var source = Listen(name);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(IPAddress.Loopback, source.Port);
        foreach (var text in new[] { "<34>one", "<34>two\n", "<34>three\nlines\nhere", "", "\n", "7 <34>not counted" })
        {
            sender.Send(Encoding.ASCII.GetBytes(text));
        }

        sender.Send(new byte[60_000]);
        await ReadUntilAsync(source, 4);
        Assert.Equal(["127.0.0.1 <34>one", "127.0.0.1 <34>two", "127.0.0.1 <34>three\nlines\nhere", "127.0.0.1 7 <34>not counted"], _messages);
    }

    [Fact]
    public async Task Datagrams_that_were_received_are_given_when_the_run_stops()
    {
        var source = Listen("syslog:udp://127.0.0.1:0");
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(IPAddress.Loopback, source.Port);
        for (var i = 0; i < 100; i++)
        {
            sender.Send(Encoding.ASCII.GetBytes($"<34>{i}"));
        }

        source.Stop();
        await ReadUntilEndedAsync(source);
        Assert.Equal(100, _messages.Count);
    }

    [Fact]
    public async Task Datagrams_that_the_system_drops_are_counted()
    {
        var clock = new PlayedClock();
        var source = Listen("syslog:udp://127.0.0.1:0", clock);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(IPAddress.Loopback, source.Port);
        var large = new byte[60_000];
        large.AsSpan().Fill((byte)'x');
        // Nobody takes them out of the channel, and then nobody out of the socket.
        for (var i = 0; i < 2000; i++)
        {
            sender.Send(large);
        }

        await Task.Delay(100, Token);
        clock.Advance(TimeSpan.FromSeconds(11));
        source.Look();
        Assert.Contains("were dropped by the system", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_read_beside_each_other_and_their_last_words_are_kept()
    {
        var source = Listen("syslog:tcp://127.0.0.1:0");
        var senders = Enumerable.Range(0, 20).Select(_ => Connect(source)).ToList();
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < senders.Count; i++)
            {
                var text = $"<34>{i} {round}";
                senders[i].Send(Encoding.ASCII.GetBytes(round % 2 == 0 ? $"{text}\n" : $"{text.Length} {text}"));
            }
        }

        senders[0].Send("<34>unended"u8);
        senders.ForEach(sender => sender.Dispose());
        await ReadUntilAsync(source, 1001);
        for (var i = 0; i < senders.Count; i++)
        {
            Assert.Equal(Enumerable.Range(0, 50).Select(round => $"127.0.0.1 <34>{i} {round}"), _messages.Where(message => message.StartsWith($"127.0.0.1 <34>{i} ", StringComparison.Ordinal)));
        }

        Assert.Contains("127.0.0.1 <34>unended", _messages);
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task What_connections_have_sent_is_given_when_the_run_stops()
    {
        var source = Listen("syslog:tcp://127.0.0.1:0");
        using var sender = Connect(source);
        var line = Encoding.ASCII.GetBytes($"<34>{new string('x', 1000)}\n");
        sender.Send(line);
        await ReadUntilAsync(source, 1);
        sender.Blocking = false;
        long sent = 0;
        // Until the sender has to wait for long, not for a moment in which nobody came to read: channel and sockets' buffers are full.
        for (var waits = 0; waits < 40;)
        {
            sent += sender.Send(line.AsSpan((int)(sent % line.Length)), SocketFlags.None, out var error);
            waits = error == SocketError.WouldBlock ? waits + 1 : 0;
            if (waits > 0)
            {
                await Task.Delay(5, Token);
            }
        }

        source.Stop();
        await ReadUntilEndedAsync(source);
        Assert.True(sent > 4_000_000, $"only {sent} bytes fitted into the buffers");
        Assert.True(_messages.Count > sent / line.Length, $"{_messages.Count} messages of {sent} bytes sent");
        Assert.All(_messages.SkipLast(1), message => Assert.Equal(1014, message.Length));
    }

    [Fact]
    public async Task Connections_are_bounded_in_number_and_silence()
    {
        var clock = new PlayedClock();
        var source = Listen("syslog:tcp://127.0.0.1:0?connections=2&idle=600", clock);
        using var first = Connect(source);
        first.Send("<34>first\n"u8);
        await ReadUntilAsync(source, 1);
        clock.Advance(TimeSpan.FromSeconds(30));
        using var second = Connect(source);
        second.Send("<34>second\n"u8);
        await ReadUntilAsync(source, 2);
        using (var refused = Connect(source))
        {
            await EndsAsync(refused);
        }

        Assert.EndsWith("a connection was refused, as 2 are open; further ones are counted", Assert.Single(_notices), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(40));
        using var third = Connect(source);
        third.Send("<34>third\n"u8);
        await ReadUntilAsync(source, 3);
        await EndsAsync(first);
        clock.Advance(TimeSpan.FromSeconds(601));
        source.Look();
        await EndsAsync(second);
        await EndsAsync(third);
    }

    [Fact]
    public async Task Messages_over_tls_are_read_and_who_does_it_wrong_is_named_once()
    {
        using var authority = Authority("CN=authority");
        using var server = Signed(authority, "CN=server", "server");
        var source = Listen($"syslog:tls://127.0.0.1:0?cert={Write("server.crt", server.ExportCertificatePem())}&key={Write("server.key", server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem())}");
        await using (var sender = await SecureAsync(source, null))
        {
            await sender.WriteAsync("11 <34>one\ntwo<34>three\n"u8.ToArray(), Token);
        }

        await ReadUntilAsync(source, 2);
        for (var i = 0; i < 12; i++)
        {
            using var plain = Connect(source);
            plain.Send("<34>plain\n"u8);
            await EndsAsync(plain);
        }

        await UntilAsync(() => _notices.Count == 2);
        Assert.EndsWith("127.0.0.1 sent plain text to a port for TLS; further ones are counted", _notices.ElementAt(0), StringComparison.Ordinal);
        Assert.EndsWith("127.0.0.1 sent plain text to a port for TLS; 10 times by now", _notices.ElementAt(1), StringComparison.Ordinal);
        using (var broken = Connect(source))
        {
            broken.Send([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]);
            await EndsAsync(broken);
        }

        await UntilAsync(() => _notices.Count == 3);
        Assert.Contains("127.0.0.1 did not agree on TLS", _notices.ElementAt(2), StringComparison.Ordinal);
        Assert.Equal(["127.0.0.1 <34>one\ntwo", "127.0.0.1 <34>three"], _messages);
    }

    [Fact]
    public async Task Sender_must_have_a_certificate_of_the_authority_where_one_is_named()
    {
        using var authority = Authority("CN=authority");
        using var other = Authority("CN=other");
        using var server = Signed(authority, "CN=server", "server");
        var source = Listen($"syslog:tls://127.0.0.1:0?cert={Write("server.crt", server.ExportCertificatePem())}&key={Write("server.key", server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem())}&client_ca={Write("ca.crt", authority.ExportCertificatePem())}");
        using var good = Signed(authority, "CN=sender", "sender");
        using var bad = Signed(other, "CN=sender", "sender");
        foreach (var certificate in new[] { null, bad })
        {
            var refusal = await Record.ExceptionAsync(async () =>
            {
                await using var refused = await SecureAsync(source, certificate);
                await refused.WriteAsync("<34>refused\n"u8.ToArray(), Token);
                await refused.ReadExactlyAsync(new byte[1], Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token);
            });
            Assert.True(refusal is IOException or AuthenticationException, $"{refusal}");
        }

        await using (var sender = await SecureAsync(source, good))
        {
            await sender.WriteAsync("<34>trusted\n"u8.ToArray(), Token);
        }

        await ReadUntilAsync(source, 1);
        Assert.Equal(["127.0.0.1 <34>trusted"], _messages);
        Assert.Single(_notices);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void Port_that_is_taken_is_said_once_and_tried_again(string transport)
    {
        var clock = new PlayedClock();
        var first = Listen($"syslog:{transport}://127.0.0.1:0");
        var name = $"syslog:{transport}://127.0.0.1:{first.Port}";
        var second = Listen(name, clock);
        clock.Advance(TimeSpan.FromSeconds(6));
        second.Look();
        Assert.Equal([$"cannot listen on {name}: the port is taken by another program; it is tried again every 5 s"], _notices);
        first.Dispose();
        clock.Advance(TimeSpan.FromSeconds(6));
        second.Look();
        Assert.Equal(first.Port == 0 ? 1 : 2, _notices.Count);
        Assert.NotEqual(0, second.Port);
        Assert.Null(second.Failure);
    }

    [Fact]
    public void Port_that_is_taken_ends_a_run_that_does_not_follow()
    {
        var first = Listen("syslog:tcp://127.0.0.1:0");
        var name = $"syslog:tcp://127.0.0.1:{first.Port}";
        var second = Listen(name, watch: false);
        Assert.Equal($"cannot listen on {name}: the port is taken by another program", second.Failure);
    }

    [Fact]
    public void Certificate_that_is_not_there_is_said()
    {
        var source = Listen("syslog:tls://127.0.0.1:0?cert=/nowhere/a.crt&key=/nowhere/a.key", watch: false);
        Assert.Contains("/nowhere/a.crt", source.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sender_and_stream_are_fields_of_the_records()
    {
        await using var bench = new CollectBench();
        bench.Options = bench.Options with { Sources = ["syslog:tcp://127.0.0.1:0"], Watch = true, Format = "word", Join = JoinRule.Auto };
        using var stop = new CancellationTokenSource();
        var collector = new Collector(bench.Store, bench.Options, WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System);
        var run = collector.RunAsync(stop.Token);
        await UntilAsync(() => collector.Feeds.Any(feed => feed.Source is SyslogSource { Port: > 0 }));
        using (var sender = Connect(collector.Feeds.Select(feed => feed.Source).OfType<SyslogSource>().Single()))
        {
            sender.Send("<34>one\n11 <34>two\n  x"u8);
        }

        await UntilAsync(() => bench.Store.Lines.Count == 2);
        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(["<34>one", "<34>two\n  x"], bench.Store.Texts);
        Assert.All(bench.Store.Lines, line => Assert.Equal(("127.0.0.1", "{host_ip=\"127.0.0.1\"}"), (line.Fields["host_ip"], line.Fields["_stream"])));
    }

    SyslogSource Listen(string name, TimeProvider? clock = null, bool watch = true)
    {
        var context = new SourceContext(watch, 1 << 20, new PositionBook([]), null, () => { }, _notices.Enqueue, clock ?? TimeProvider.System);
        var source = new SyslogSource(name, SyslogAddress.Parse(name), context);
        _sources.Add(source);
        source.Look();
        return source;
    }

    void Read(SyslogSource source)
    {
        while (source.TryRead(out var run))
        {
            var text = Encoding.Latin1.GetString(run.Lines.Bytes);
            foreach (var message in run.Lines.IsOneRecord ? [text] : text[..^1].Split('\n'))
            {
                if (message.AsSpan().ContainsAnyExcept('\0'))
                {
                    _messages.Add($"{run.Peer} {message}");
                }
            }
        }
    }

    Task ReadUntilAsync(SyslogSource source, int count) => UntilAsync(() =>
    {
        Read(source);
        return _messages.Count >= count;
    });

    Task ReadUntilEndedAsync(SyslogSource source) => UntilAsync(() =>
    {
        Read(source);
        return source.IsEnded;
    });

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "waited in vain");
            await Task.Delay(10, Token);
        }
    }

    static Socket Connect(SyslogSource source)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect(IPAddress.Loopback, source.Port);
        return socket;
    }

    /// <summary>Waits until the other side has let go of the connection.</summary>
    static async Task EndsAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1000], SocketFlags.None, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // With bytes that it has not read.
        }
    }

    static async Task<SslStream> SecureAsync(SyslogSource source, X509Certificate2? certificate)
    {
        var stream = new SslStream(new NetworkStream(Connect(source), ownsSocket: true), false, (_, certificateOfServer, _, _) => certificateOfServer is not null);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "server",
                ClientCertificates = certificate is null ? null : [certificate],
                EnabledSslProtocols = SslProtocols.None,
            },
            Token);
        return stream;
    }

    static X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    static X509Certificate2 Signed(X509Certificate2 authority, string name, string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), [1, 2, 3, (byte)name.Length]);
        return bare.CopyWithPrivateKey(key);
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
