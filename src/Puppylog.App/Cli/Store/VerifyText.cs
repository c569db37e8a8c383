using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.App.Cli.Store;

/// <summary>What a verification found and a repair did, as people and programs read it.</summary>
static class VerifyText
{
    const int MaxShown = 100;

    public static string Text(string directory, RepairReport report, bool mayRepair)
    {
        var text = new StringBuilder();
        Damage(text, report.Before);
        foreach (var step in report.Steps)
        {
            text.Append(Format($"repaired: {step}\n"));
        }

        if (report.Steps.Count > 0)
        {
            Damage(text, report.After);
        }

        foreach (var notice in report.After.Notices)
        {
            text.Append(Format($"note: {notice}\n"));
        }

        var after = report.After;
        text.Append(Format($"{Count(after.Segments.Count, "segment")}, {Count(after.Blocks, "block")}, {Count(after.Records, "record")}, {CollectSummaryText.Size(after.Bytes)}: "));
        text.Append(after.IsClean ? "all whole\n" : Format($"{Count(after.Damage.Count(), "damage")}\n"));
        if (!after.IsClean && mayRepair)
        {
            text.Append(Format($"what can be read is served; to take the damage out: puppylog store verify --repair --data {directory}\n"));
        }

        return text.ToString();
    }

    public static string Json(string directory, RepairReport report) => JsonLine.Write(json =>
    {
        json.WriteString("store", directory);
        json.WriteBoolean("clean", report.After.IsClean);
        json.WriteNumber("segments", report.After.Segments.Count);
        json.WriteNumber("blocks", report.After.Blocks);
        json.WriteNumber("records", report.After.Records);
        json.WriteNumber("bytes", report.After.Bytes);
        Damage(json, "damage", report.Before);
        Texts(json, "repaired", report.Steps);
        if (report.Steps.Count > 0)
        {
            Damage(json, "damage_left", report.After);
        }

        Texts(json, "notes", report.After.Notices);
    });

    static void Damage(StringBuilder text, VerificationReport report)
    {
        foreach (var damage in report.Damage.Take(MaxShown))
        {
            text.Append(Line(damage)).Append('\n');
        }

        if (report.Damage.Count() is > MaxShown and var count)
        {
            text.Append(Format($"and {count - MaxShown} more: -o json\n"));
        }
    }

    /// <summary><c>damaged days/2026-11-21/00000001.seg: the chunk of path does not match its checksum (byte 4211, 912 long; commit 3, block 0; 812 records from … to …)</c>.</summary>
    public static string Line(Damage damage)
    {
        var details = new List<string>();
        if (damage.Offset is { } offset)
        {
            details.Add(damage.Length is { } length ? Format($"byte {offset}, {length} long") : Format($"byte {offset}"));
        }

        if (damage.Commit is { } commit)
        {
            details.Add(Format($"commit {commit}, block {damage.Ordinal}"));
        }

        if (damage.Records > 0)
        {
            var times = damage.MinTime is { } min && damage.MaxTime is { } max ? $" from {Timestamps.ToRfc3339(min)} to {Timestamps.ToRfc3339(max)}" : "";
            details.Add(Count(damage.Records, "record") + times);
        }

        var where = details.Count == 0 ? "" : $" ({string.Join("; ", details)})";
        return $"damaged {damage.Path}: {TerminalText.Visible(Encoding.UTF8.GetBytes(damage.Reason), 500)}{where}";
    }

    static void Damage(Utf8JsonWriter json, string name, VerificationReport report)
    {
        json.WriteStartArray(name);
        foreach (var damage in report.Damage)
        {
            json.WriteStartObject();
            json.WriteString("kind", damage.Kind.ToString().ToLowerInvariant());
            json.WriteString("path", damage.Path);
            json.WriteString("reason", damage.Reason);
            json.WriteOptional("offset", damage.Offset);
            json.WriteOptional("length", damage.Length);
            json.WriteOptional("commit", damage.Commit);
            json.WriteOptional("block", damage.Ordinal);
            json.WriteOptional("column", damage.Column);
            json.WriteNumber("records", damage.Records);
            json.WriteTime("oldest", damage.MinTime);
            json.WriteTime("newest", damage.MaxTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    static string Count(long count, string what) => Format($"{count:N0} {what}{(count == 1 ? "" : "s")}");

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
