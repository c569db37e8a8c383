using System.Security.Cryptography.X509Certificates;

namespace Puppylog.Alerts.Notifiers.Mail;

/// <summary>A mail server, and who writes to whom.</summary>
sealed record SmtpOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 587;

    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    /// <summary>None where the server asks for nobody.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    public required string From { get; init; }

    public required IReadOnlyList<string> To { get; init; }

    /// <summary>Who vouches for the server's certificate; the system's authorities where there is none.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    /// <summary>What is wrong with it, and what would work; empty where it can be used.</summary>
    public IEnumerable<string> Check()
    {
        foreach (var address in To.Prepend(From).Where(address => !IsAddress(address)))
        {
            yield return $"'{address}' is no mail address of the form name@host";
        }

        if (To.Count == 0)
        {
            yield return "mail needs at least one receiver";
        }

        if (Port is < 1 or > 65535)
        {
            yield return $"a port is 1 to 65535, and not {Port}";
        }

        if (User is not null && Security is SmtpSecurity.None)
        {
            yield return "a password is sent with TLS only; take StartTls or Tls";
        }

        if (User is null != Password is null)
        {
            yield return "user and password go together";
        }
    }

    static bool IsAddress(string address) =>
        address.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && address.All(c => c is > ' ' and < (char)127 and not ('<' or '>' or ',' or ';' or '"'));
}
