using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Puppylog.Tests.Alerts.Notifiers;

/// <summary>A small mail server on loopback: STARTTLS or TLS at once, AUTH PLAIN, and answers that a test chooses.</summary>
sealed class PlayedMailServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly X509Certificate2 _certificate;
    readonly Task _run;

    public PlayedMailServer(string certificate)
    {
        // SslStream wants a key that is kept with its certificate.
        using var pem = X509Certificate2.CreateFromPemFile(certificate);
        _certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _run = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool TlsAtOnce { get; init; }

    public bool OffersStartTls { get; init; } = true;

    /// <summary>The command ⇶ the answer instead of the usual one; "" hangs up.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    readonly System.Collections.Concurrent.ConcurrentQueue<(string Line, bool Secure)> _heard = new();

    /// <summary>What clients said up to now, in order, each with whether it went through TLS.</summary>
    public IReadOnlyList<(string Line, bool Secure)> Heard => [.. _heard];

    public List<string> Mails { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _run;
        _certificate.Dispose();
        _stop.Dispose();
    }

    async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // The client left, or did not like the certificate.
            }
        }
    }

    async Task TalkAsync(Stream stream)
    {
        var secure = TlsAtOnce;
        if (secure)
        {
            stream = await SecureAsync(stream);
        }

        await SayAsync(stream, "220 played ESMTP");
        while (await ReadAsync(stream) is { } line)
        {
            _heard.Enqueue((line, secure));
            var command = line.Split(' ', ':')[0].ToUpperInvariant();
            if (Answers.TryGetValue(command, out var answer))
            {
                if (answer.Length == 0)
                {
                    return;
                }

                await SayAsync(stream, answer);
                continue;
            }

            switch (command)
            {
                case "EHLO":
                    await SayAsync(stream, secure || !OffersStartTls ? "250-played\r\n250 AUTH PLAIN" : "250-played\r\n250-STARTTLS\r\n250 8BITMIME");
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go on");
                    stream = await SecureAsync(stream);
                    secure = true;
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    var mail = new StringBuilder();
                    while (await ReadAsync(stream) is { } text && text != ".")
                    {
                        mail.Append(text).Append('\n');
                    }

                    Mails.Add(mail.ToString());
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 ok");
                    break;
            }
        }
    }

    async Task<Stream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secure;
    }

    async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);

    async Task<string?> ReadAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
