using System.Text;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Notifiers.Mail;
using Puppylog.Tests.Alerts.Notices;
using Puppylog.Tests.Forwarding;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Alerts.Notifiers;

public sealed class SmtpTests : IDisposable
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    readonly PlayedCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mail_arrives_through_tls_and_the_password_is_never_in_the_clear(bool tlsAtOnce)
    {
        await using var server = new PlayedMailServer(Certificate()) { TlsAtOnce = tlsAtOnce };
        await SendAsync(Options(server) with { Security = tlsAtOnce ? SmtpSecurity.Tls : SmtpSecurity.StartTls });
        var (headers, body) = Read(Assert.Single(server.Mails));
        Assert.Equal(
            "From: puppylog@example.org\nTo: a@example.org,\n b@example.org\nSubject: =?utf-8?B?SGlnaCB0cmFmZmljIGdlbmVyYXRlZCBhbiBhbGVydCAtIGhpdHMgPSAx?=\n =?utf-8?B?LCB0cmlnZ2VyZWQgYXQgMjAyNi0xMS0yMVQxNDowMDowMFogKGFuZCAx?=\n =?utf-8?B?IG1vcmUp?=\nDate: Sat, 21 Nov 2026 14:00:00 +0000",
            headers[..headers.IndexOf("\nMessage-ID", StringComparison.Ordinal)]);
        Assert.Equal(LineNotifier.Text([SampleNotices.Firing(1), SampleNotices.Recovered(1)]), body);
        Assert.All(server.Heard.Where(heard => heard.Line.StartsWith("AUTH", StringComparison.Ordinal)), heard => Assert.True(heard.Secure));
        Assert.Contains(server.Heard, heard => heard.Line == $"AUTH PLAIN {Convert.ToBase64String("\0me\0s3cret"u8)}");
        Assert.Equal(["RCPT TO:<a@example.org>", "RCPT TO:<b@example.org>"], server.Heard.Select(heard => heard.Line).Where(line => line.StartsWith("RCPT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Server_without_starttls_gets_neither_password_nor_mail()
    {
        await using var server = new PlayedMailServer(Certificate()) { OffersStartTls = false };
        Assert.Equal("the server offers no STARTTLS", (await FailAsync(Options(server))).Message);
        Assert.Equal(["EHLO puppylog"], server.Heard.Select(heard => heard.Line));
    }

    [Fact]
    public async Task Certificate_of_somebody_else_is_refused()
    {
        await using var server = new PlayedMailServer(Certificate());
        await FailAsync(Options(server) with { Trusted = PlayedCertificates.Others });
        Assert.All(server.Heard, heard => Assert.False(heard.Secure));
    }

    [Fact]
    public async Task Certificate_of_another_host_is_refused()
    {
        await using var server = new PlayedMailServer(_certificates.Create("other.example.org", Now.AddDays(-1), Now.AddDays(1)));
        await FailAsync(Options(server));
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("EHLO", "500 no", "EHLO was answered with '500 no'")]
    [InlineData("STARTTLS", "454 not now", "STARTTLS was answered with '454 not now'")]
    [InlineData("AUTH", "535 wrong", "AUTH was answered with '535 wrong'")]
    [InlineData("MAIL", "450 later", "MAIL was answered with '450 later'")]
    [InlineData("RCPT", "550 unknown", "RCPT a@example.org was answered with '550 unknown'")]
    [InlineData("DATA", "452 full", "DATA was answered with '452 full'")]
    [InlineData("MAIL", "", "the server closed the connection")]
    [InlineData("MAIL", "hello", "no SMTP server: MAIL was answered with 'hello'")]
    public async Task Refusal_is_a_failure_without_the_password(string command, string answer, string expected)
    {
        await using var server = new PlayedMailServer(Certificate());
        server.Answers[command] = answer;
        Assert.Equal(expected, (await FailAsync(Options(server))).Message);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Same_notices_make_the_same_message_id()
    {
        await using var server = new PlayedMailServer(Certificate());
        await SendAsync(Options(server));
        await SendAsync(Options(server));
        Assert.Single(server.Mails.Select(mail => mail.Split('\n').Single(line => line.StartsWith("Message-ID", StringComparison.Ordinal))).Distinct());
    }

    [Fact]
    public void Options_that_cannot_work_are_named()
    {
        var options = new SmtpOptions { Host = "h", From = "a@b\r\nBcc: x@y", To = [], Port = 0, Security = SmtpSecurity.None, User = "u" };
        Assert.Equal(5, options.Check().Count());
        Assert.Throws<ArgumentException>(() => new SmtpNotifier(options, TimeProvider.System));
    }

    static async Task SendAsync(SmtpOptions options) =>
        await new SmtpNotifier(options, new PlayedClock()).SendAsync([SampleNotices.Firing(1), SampleNotices.Recovered(1)], TestContext.Current.CancellationToken);

    static async Task<NotifierException> FailAsync(SmtpOptions options) => await Assert.ThrowsAsync<NotifierException>(() => SendAsync(options));

    static (string Headers, string Body) Read(string mail)
    {
        var parts = mail.Split("\n\n", 2);
        return (parts[0], Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])));
    }

    SmtpOptions Options(PlayedMailServer server) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        User = "me",
        Password = "s3cret",
        From = "puppylog@example.org",
        To = ["a@example.org", "b@example.org"],
        Trusted = _certificates.Trusted,
    };

    string Certificate() => _certificates.Create("127.0.0.1", Now.AddDays(-1), Now.AddDays(1));
}
