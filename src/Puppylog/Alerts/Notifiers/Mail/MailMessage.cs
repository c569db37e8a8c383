using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers.Mail;

/// <summary>Notices as a mail: RFC 5322, the text in base64 (RFC 2045), so that no line of a log can become one of the protocol.</summary>
static class MailMessage
{
    /// <summary>Bytes that make an encoded word of at most 75 characters (RFC 2047).</summary>
    const int EncodedWord = 42;

    /// <summary>The same notices make the same Message-ID: a mailbox can tell a duplicate.</summary>
    public static string Write(SmtpOptions options, IReadOnlyList<Notice> notices, DateTimeOffset now)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', notices.Select(notice => notice.Key)))))[..32];
        var text = new StringBuilder()
            .Append("From: ").Append(options.From).Append("\r\n")
            .Append("To: ").AppendJoin(",\r\n ", options.To).Append("\r\n")
            .Append("Subject: ").Append(Encode(Subject(notices))).Append("\r\n")
            .Append("Date: ").Append(now.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)).Append("\r\n")
            .Append("Message-ID: <").Append(id).Append('@').Append(options.From.Split('@')[1]).Append(">\r\n")
            .Append("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        foreach (var line in Convert.ToBase64String(Encoding.UTF8.GetBytes(LineNotifier.Text(notices))).Chunk(76))
        {
            text.Append(line).Append("\r\n");
        }

        return text.ToString();
    }

    static string Subject(IReadOnlyList<Notice> notices) =>
        notices.Count == 1 ? notices[0].Message : $"{notices[0].Message} (and {(notices.Count - 1).ToString(CultureInfo.InvariantCulture)} more)";

    static string Encode(string text)
    {
        if (text.Length <= 60 && text.All(c => c is >= ' ' and < (char)127) && !text.Contains("=?", StringComparison.Ordinal))
        {
            return text;
        }

        var words = new List<string>();
        var bytes = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            var more = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + more.Length > EncodedWord)
            {
                words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
                bytes.Clear();
            }

            bytes.AddRange(more);
        }

        return string.Join("\r\n ", words.Append($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?="));
    }
}
