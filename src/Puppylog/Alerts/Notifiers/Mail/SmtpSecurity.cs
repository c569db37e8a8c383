namespace Puppylog.Alerts.Notifiers.Mail;

enum SmtpSecurity
{
    /// <summary>TLS after STARTTLS; a server that has none is a failure, never plain text.</summary>
    StartTls,

    /// <summary>TLS from the first byte, port 465.</summary>
    Tls,

    /// <summary>None: for a server on this machine. Never with a password.</summary>
    None,
}
