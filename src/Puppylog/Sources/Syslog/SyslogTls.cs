using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Puppylog.Sources.Syslog;

/// <summary>The receiving side of syslog over TLS (RFC 5425).</summary>
sealed class SyslogTls
{
    readonly SslServerAuthenticationOptions _options;
    readonly X509Certificate2Collection? _authorities;

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds no certificate or key, or the two do not belong together.</exception>
    public SyslogTls(SyslogAddress address)
    {
        var certificate = X509Certificate2.CreateFromPemFile(address.Certificate!, address.Key!);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(address.Certificate!);
        if (address.ClientAuthority is { } authority)
        {
            _authorities = [];
            _authorities.ImportFromPemFile(authority);
        }

        _options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            ClientCertificateRequired = _authorities is not null,
            RemoteCertificateValidationCallback = (_, shown, _, _) => _authorities is null || IsTrusted(shown),
        };
    }

    /// <exception cref="AuthenticationException">The two sides do not agree.</exception>
    /// <exception cref="IOException">The connection ends.</exception>
    public async Task<Stream> AuthenticateAsync(Stream inner, CancellationToken cancellationToken)
    {
        var stream = new SslStream(inner);
        try
        {
            await stream.AuthenticateAsServerAsync(_options, cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    bool IsTrusted(X509Certificate? shown)
    {
        if (shown is null)
        {
            return false;
        }

        using var certificate = new X509Certificate2(shown);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
