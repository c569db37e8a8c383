using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Puppylog.Forwarding;

/// <summary>Decides whether a server's certificate is accepted, and says why it is not.</summary>
/// <param name="server">Where the server is.</param>
/// <param name="authority">Who may vouch for it; null: the system's roots.</param>
sealed class ServerCertificate(Uri server, X509Certificate2Collection? authority, TimeProvider clock)
{
    string? _reason;

    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsAccepted(certificate, chain, errors) };
        if (authority is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authority);
        }

        return options;
    }

    /// <summary>Why the last certificate was refused; null where none was since this was asked.</summary>
    public string? Take() => Interlocked.Exchange(ref _reason, null);

    bool IsAccepted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _reason = errors == SslPolicyErrors.None ? null : Reason(certificate as X509Certificate2, chain, errors);
        return errors == SslPolicyErrors.None;
    }

    /// <summary>The one reason to begin with: who has several has to mend them one after the other.</summary>
    string Reason(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "it shows no certificate";
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var expired = chain?.ChainElements.Select(element => element.Certificate).Append(certificate).FirstOrDefault(link => link.NotAfter.ToUniversalTime() < now);
        var issuer = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        return expired is not null ? $"its certificate has expired on {Day(expired.NotAfter)}"
            : certificate.NotBefore.ToUniversalTime() > now ? $"its certificate is valid only from {Day(certificate.NotBefore)} on; is this machine's clock right?"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? UntrustedReason(issuer, chain)
            : $"its certificate is for {Names(certificate)}, not for {server.Host}";
    }

    string UntrustedReason(string issuer, X509Chain? chain)
    {
        var statuses = chain?.ChainStatus.Select(status => status.Status).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one) ?? X509ChainStatusFlags.NoError;
        return (statuses & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) == 0
            ? $"its certificate is not accepted: {string.Join(", ", chain?.ChainStatus.Select(status => status.StatusInformation.TrimEnd('.', ' ')) ?? [])}"
            : authority is null ? $"its certificate is vouched for by '{issuer}', which this machine does not know; --ca FILE names who may"
            : $"its certificate is vouched for by '{issuer}', not by one of --ca";
    }

    static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))).ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }

    static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
