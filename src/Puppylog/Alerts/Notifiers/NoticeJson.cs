using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>The bodies that programs are sent.</summary>
static class NoticeJson
{
    /// <summary>Firing alerts end by a recovery and not by the Alertmanager's own clock: seconds, a year.</summary>
    const long Year = 365 * 86_400;

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One notice as an object.</summary>
    public static string Write(Notice notice) => Text(json => Write(json, notice));

    /// <summary>A body of <c>{"notices":[…]}</c>.</summary>
    public static string Webhook(IReadOnlyList<Notice> notices) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("notices");
        foreach (var notice in notices)
        {
            Write(json, notice);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Slack's incoming webhook: api.slack.com/messaging/webhooks.</summary>
    public static string Slack(IReadOnlyList<Notice> notices) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("text", string.Join('\n', notices.Select(notice => SlackText(notice.Message) + Samples(notice, SlackText))));
        json.WriteEndObject();
    });

    /// <summary>An adaptive card in a message, as Teams' workflow webhooks take it.</summary>
    public static string Teams(IReadOnlyList<Notice> notices) => Text(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteStartObject("content");
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartArray("body");
        foreach (var notice in notices)
        {
            Block(json, notice.Message, notice.Kind is NoticeKind.Firing ? "Attention" : "Good");
            foreach (var sample in notice.Samples)
            {
                Block(json, sample, "Default");
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The body of <c>POST /api/v2/alerts</c> of the Alertmanager.</summary>
    public static string Alertmanager(IReadOnlyList<Notice> notices) => Text(json =>
    {
        json.WriteStartArray();

        // Of two notices of one alert in a body the later one says it all: a recovery tells when it fired, too.
        foreach (var notice in notices.Reverse().DistinctBy(notice => (notice.Rule, notice.Segment, notice.Kind is NoticeKind.Test)).Reverse())
        {
            json.WriteStartObject();
            json.WriteStartObject("labels");
            foreach (var (name, value) in notice.Labels.Where(label => label.Key is not ("alertname" or "severity" or "segment")))
            {
                json.WriteString(name, value);
            }

            json.WriteString("alertname", notice.Kind is NoticeKind.Test ? $"{notice.Rule} (test)" : notice.Rule);
            json.WriteString("severity", Word(notice.Severity));
            if (notice.Segment.Length > 0)
            {
                json.WriteString("segment", notice.Segment);
            }

            json.WriteEndObject();
            json.WriteStartObject("annotations");
            json.WriteString("summary", notice.Message);
            json.WriteString("key", notice.Key);
            if (notice.Samples.Count > 0)
            {
                json.WriteString("samples", string.Join('\n', notice.Samples));
            }

            json.WriteEndObject();
            json.WriteString("startsAt", AlertText.Time(notice.Fired));
            json.WriteString("endsAt", AlertText.Time(notice.Kind switch
            {
                NoticeKind.Firing => notice.Time + Year,
                NoticeKind.Test => notice.Time + 60,
                _ => Math.Max(notice.Time, notice.Fired + 1),
            }));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    static void Write(Utf8JsonWriter json, Notice notice)
    {
        json.WriteStartObject();
        json.WriteString("key", notice.Key);
        json.WriteString("alert", notice.Rule);
        json.WriteString("segment", notice.Segment);
        json.WriteString("kind", notice.Kind switch { NoticeKind.Firing => "firing", NoticeKind.Recovered => "recovered", _ => "test" });
        json.WriteString("severity", Word(notice.Severity));
        json.WriteString("message", notice.Message);
        json.WriteString("value", notice.Value);
        json.WriteString("time", AlertText.Time(notice.Time));
        json.WriteString("fired", AlertText.Time(notice.Fired));
        json.WriteStartObject("labels");
        foreach (var (name, value) in notice.Labels)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("samples");
        foreach (var sample in notice.Samples)
        {
            json.WriteStringValue(sample);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static string Word(Rules.Severity severity) => severity switch { Rules.Severity.Info => "info", Rules.Severity.Warning => "warning", _ => "critical" };

    static void Block(Utf8JsonWriter json, string text, string color)
    {
        json.WriteStartObject();
        json.WriteString("type", "TextBlock");
        json.WriteString("text", text);
        json.WriteBoolean("wrap", true);
        json.WriteString("color", color);
        json.WriteEndObject();
    }

    /// <summary>The three characters that Slack's text gives a meaning.</summary>
    static string SlackText(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    static string Samples(Notice notice, Func<string, string> escape) =>
        notice.Samples.Count == 0 ? "" : $"\n```\n{escape(string.Join('\n', notice.Samples)).Replace("```", "'''", StringComparison.Ordinal)}\n```";

    static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
