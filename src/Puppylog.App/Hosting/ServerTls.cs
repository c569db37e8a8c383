using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Puppylog.App.Cli;

namespace Puppylog.App.Hosting;

/// <summary>
/// The certificate that is shown to clients: read again when its files change, as whoever renews it writes them. One that
/// cannot be used is told of, and the one before stays. Thread-safe.
/// </summary>
sealed class ServerTls(ServerSettings settings, ServerState state)
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    readonly Lock _gate = new();
    X509Certificate2? _certificate;
    (DateTime Certificate, DateTime Key) _written;
    long _looked;

    /// <summary>The certificate as of now.</summary>
    public X509Certificate2? Current
    {
        get
        {
            lock (_gate)
            {
                var now = state.Clock.GetTimestamp();
                if (_certificate is null || state.Clock.GetElapsedTime(_looked, now) >= Look)
                {
                    _looked = now;
                    Refresh();
                }

                return _certificate;
            }
        }
    }

    /// <summary>Null where there is none.</summary>
    /// <exception cref="UsageException">The files hold no certificate with its key.</exception>
    public static X509Certificate2? Read(ServerSettings settings)
    {
        if (settings.CertificateFile is not { } file)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(file, settings.KeyFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the certificate {file} cannot be used: {e.Message}");
        }
    }

    void Refresh()
    {
        var written = (File.GetLastWriteTimeUtc(settings.CertificateFile!), settings.KeyFile is { } key ? File.GetLastWriteTimeUtc(key) : default);
        if (_certificate is not null && written == _written)
        {
            return;
        }

        _written = written;
        try
        {
            // The one before may be in use by handshakes still, and goes when they have ended.
            var isRenewal = _certificate is not null;
            _certificate = Read(settings);
            if (isRenewal)
            {
                state.Notice($"the certificate {settings.CertificateFile} was read again");
            }
        }
        catch (UsageException e)
        {
            state.Notice($"{e.Message}; the one before stays in use");
        }
    }
}
