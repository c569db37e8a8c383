using System.Text;
using System.Text.Json;

namespace Puppylog.App.Doctor;

/// <summary>Findings as people and programs read them.</summary>
static class FindingsText
{
    public static string Text(IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            text.Append(Name(finding.Severity).PadRight(9)).Append(finding.Check.PadRight(19)).Append(finding.Message).Append('\n');
            if (finding.Fix is not null)
            {
                text.Append(' ', 9 + 19).Append("→ ").Append(finding.Fix).Append('\n');
            }
        }

        var errors = findings.Count(finding => finding.Severity == Severity.Error);
        var warnings = findings.Count(finding => finding.Severity == Severity.Warning);
        return text.Append('\n').Append(errors + warnings == 0 ? "All fine.\n" : $"{Plural(errors, "error")}, {Plural(warnings, "warning")}.\n").ToString();
    }

    /// <summary>One compact object.</summary>
    public static string Json(IReadOnlyList<Finding> findings)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", Name(Worst(findings)));
            json.WriteStartArray("checks");
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("check", finding.Check);
                json.WriteString("severity", Name(finding.Severity));
                json.WriteString("message", finding.Message);
                if (finding.Fix is not null)
                {
                    json.WriteString("fix", finding.Fix);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    public static Severity Worst(IReadOnlyList<Finding> findings) => findings.Count == 0 ? Severity.Ok : findings.Max(finding => finding.Severity);

    static string Name(Severity severity) => severity switch
    {
        Severity.Ok => "ok",
        Severity.Warning => "warning",
        _ => "error",
    };

    static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
