using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Forwarding;

/// <summary>Certificates that a test makes itself, in a directory of its own.</summary>
sealed class PlayedCertificates : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly X509Certificate2 _authority = Authority("the test's own");

    /// <summary>Who vouches for those of <see cref="Create"/>.</summary>
    public X509Certificate2Collection Trusted => [_authority];

    /// <summary>Who vouches for nobody.</summary>
    public static X509Certificate2Collection Others => [Authority("somebody else")];

    /// <summary>In PEM.</summary>
    public static string AnyAuthority()
    {
        using var authority = Authority("any");
        return authority.ExportCertificatePem();
    }

    /// <summary>A file with a certificate and its key.</summary>
    public string Create(string name, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, from, until, [1, 2, 3, (byte)Random.Shared.Next(128)]);
        var path = Path.Combine(_directory.Path, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return path;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddYears(-2), TimeProvider.System.GetUtcNow().AddYears(2));
    }
}
