using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Puppylog.Alerts.Notifiers.Mail;

/// <summary>The lines of SMTP (RFC 5321) over a connection that may become TLS.</summary>
sealed class SmtpConversation : IAsyncDisposable
{
    /// <summary>A server that says more than this, bytes, is none.</summary>
    const int LongestAnswer = 64 << 10;

    readonly byte[] _buffer = new byte[4096];
    Stream _stream;
    int _from;
    int _to;

    SmtpConversation(Stream stream) => _stream = stream;

    public static async Task<SmtpConversation> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, cancellation);
            return new(client.GetStream());
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Goes on in TLS, with a certificate that is checked.</summary>
    public async Task SecureAsync(string host, X509Certificate2Collection? trusted, CancellationToken cancellation)
    {
        // What came before TLS was not said by the server that TLS vouches for.
        if (_from < _to)
        {
            throw new NotifierException("the server went on talking before TLS began");
        }

        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (trusted is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(trusted);
        }

        var secure = new SslStream(_stream);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy }, cancellation);
    }

    /// <summary>Says a line and takes the answer, which has to begin with a digit.</summary>
    /// <param name="shown">What an error calls it: the line may hold a password.</param>
    public async Task<string> SayAsync(string line, char expected, string shown, CancellationToken cancellation)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);
        await _stream.FlushAsync(cancellation);
        return await HearAsync(expected, shown, cancellation);
    }

    public async Task<string> HearAsync(char expected, string shown, CancellationToken cancellation)
    {
        var answer = new StringBuilder();
        while (true)
        {
            var line = await ReadLineAsync(cancellation);
            answer.Append(line).Append('\n');
            if (line.Length < 3 || !line[..3].All(char.IsAsciiDigit) || answer.Length > LongestAnswer)
            {
                throw new NotifierException($"no SMTP server: {shown} was answered with '{Shorten(line)}'");
            }

            if (line.Length == 3 || line[3] == ' ')
            {
                return line[0] == expected ? answer.ToString() : throw new NotifierException($"{shown} was answered with '{Shorten(line)}'");
            }
        }
    }

    /// <summary>Says goodbye without waiting for the answer.</summary>
    public async Task LeaveAsync(CancellationToken cancellation)
    {
        try
        {
            await _stream.WriteAsync("QUIT\r\n"u8.ToArray(), cancellation);
            await _stream.FlushAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // It has left already.
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    static string Shorten(string line) => line.Length > 200 ? line[..200] : line;

    async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new MemoryStream();
        while (line.Length < LongestAnswer)
        {
            if (_from == _to)
            {
                (_from, _to) = (0, await _stream.ReadAsync(_buffer, cancellation));
                if (_to == 0)
                {
                    throw new NotifierException("the server closed the connection");
                }
            }

            var next = _buffer[_from++];
            if (next == '\n')
            {
                return Encoding.UTF8.GetString(line.ToArray()).TrimEnd('\r');
            }

            line.WriteByte(next);
        }

        throw new NotifierException("no SMTP server: its line does not end");
    }
}
