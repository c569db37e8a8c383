using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers.Mail;

/// <summary>Sends notices as one mail. A receiver that the server refuses makes it fail for all, so that nobody is left out unseen.</summary>
sealed class SmtpNotifier : INotifier
{
    readonly SmtpOptions _options;
    readonly TimeProvider _clock;

    /// <exception cref="ArgumentException">The options cannot be used: see <see cref="SmtpOptions.Check"/>.</exception>
    public SmtpNotifier(SmtpOptions options, TimeProvider clock)
    {
        if (options.Check().FirstOrDefault() is { } mistake)
        {
            throw new ArgumentException(mistake, nameof(options));
        }

        (_options, _clock) = (options, clock);
    }

    public async Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation)
    {
        try
        {
            await using var smtp = await SmtpConversation.ConnectAsync(_options.Host, _options.Port, cancellation);
            await GreetAsync(smtp, cancellation);
            await SignInAsync(smtp, cancellation);
            await SendAsync(smtp, MailMessage.Write(_options, notices, _clock.GetUtcNow()), cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException)
        {
            throw new NotifierException(error.Message, error);
        }
    }

    async Task GreetAsync(SmtpConversation smtp, CancellationToken cancellation)
    {
        if (_options.Security is SmtpSecurity.Tls)
        {
            await smtp.SecureAsync(_options.Host, _options.Trusted, cancellation);
        }

        await smtp.HearAsync('2', "the connection", cancellation);
        var offers = await smtp.SayAsync("EHLO puppylog", '2', "EHLO", cancellation);
        if (_options.Security is not SmtpSecurity.StartTls)
        {
            return;
        }

        if (!offers.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase))
        {
            throw new NotifierException("the server offers no STARTTLS");
        }

        await smtp.SayAsync("STARTTLS", '2', "STARTTLS", cancellation);
        await smtp.SecureAsync(_options.Host, _options.Trusted, cancellation);
        await smtp.SayAsync("EHLO puppylog", '2', "EHLO", cancellation);
    }

    /// <summary>AUTH PLAIN (RFC 4616): every server has it, and TLS is what keeps it secret.</summary>
    async Task SignInAsync(SmtpConversation smtp, CancellationToken cancellation)
    {
        if (_options.User is not null)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{_options.User}\0{_options.Password}"));
            await smtp.SayAsync($"AUTH PLAIN {credentials}", '2', "AUTH", cancellation);
        }
    }

    async Task SendAsync(SmtpConversation smtp, string message, CancellationToken cancellation)
    {
        await smtp.SayAsync($"MAIL FROM:<{_options.From}>", '2', "MAIL", cancellation);
        foreach (var receiver in _options.To)
        {
            await smtp.SayAsync($"RCPT TO:<{receiver}>", '2', $"RCPT {receiver}", cancellation);
        }

        await smtp.SayAsync("DATA", '3', "DATA", cancellation);

        // No line of the message begins with a dot: headers have names, and base64 has none.
        await smtp.SayAsync($"{message}.", '2', "the message", cancellation);

        // The server has the mail; how it says goodbye is its own affair.
        await smtp.LeaveAsync(cancellation);
    }
}
