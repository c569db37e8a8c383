using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.Tests.Parsing;

/// <summary>
/// The lines of a format and what they become, as <c>Tables/{format}.txt</c> has them: a line, below it the expected record
/// behind <c>⇶</c>. ⏎, ⇥, <c>&lt;CR&gt;</c> and <c>&lt;BOM&gt;</c> stand for what cannot be seen.
/// </summary>
sealed class FormatTable
{
    const string Arrow = "  ⇶ ";

    static readonly (string Shown, string Real)[] Marks = [("⏎", "\n"), ("⇥", "\t"), ("<CR>", "\r"), ("<BOM>", "\uFEFF")];

    FormatTable(string name, List<(string Line, string Expected)> rows)
    {
        Name = name;
        Rows = rows;
    }

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Parsing", "Tables");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public string Name { get; }

    /// <summary>A table's name is the format's, perhaps with what it is about behind a dash.</summary>
    public string Format => Name.Split('-')[0];

    public List<(string Line, string Expected)> Rows { get; }

    public static FormatTable Read(string name)
    {
        var rows = new List<(string, string)>();
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        for (var i = 0; i < lines.Length; i++)
        {
            var hasExpected = i + 1 < lines.Length && lines[i + 1].StartsWith(Arrow, StringComparison.Ordinal);
            rows.Add((lines[i], hasExpected ? lines[++i][Arrow.Length..] : ""));
        }

        return new(name, rows);
    }

    public static byte[] Bytes(string shown)
    {
        foreach (var (mark, real) in Marks)
        {
            shown = shown.Replace(mark, real, StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetBytes(shown);
    }

    /// <summary>The record as tables have it; <c>#</c> at the end where its line follows from its fields.</summary>
    public static string Describe(byte[] line, ParsedRecord parsed)
    {
        if (!parsed.Accepted)
        {
            return $"! {parsed.Reason}";
        }

        var time = parsed.Time == Timestamps.ToRfc3339(ParsedRecord.ReadTime) ? "-" : parsed.Time;
        var message = parsed.Message == Encoding.Latin1.GetString(line) ? "_msg" : $"_msg={Shown(parsed.Message)}";
        var fields = parsed.Fields.Where(field => !parsed.Fields.ContainsKey(FieldNames.Route) || field.Key is not (FieldNames.Path or FieldNames.Section)).Select(field => $"{field.Key}={Shown(field.Value)}");
        return string.Join(" ; ", [time, .. fields, message]) + (parsed.Template > 0 ? " #" : "");
    }

    static string Shown(string latin1)
    {
        var text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1));
        foreach (var (mark, real) in Marks)
        {
            text = text.Replace(real, mark, StringComparison.Ordinal);
        }

        return text;
    }

    public LineParser CreateParser(bool replaceTimes) => LineParsers.Create(Format, replaceTimes);
}
