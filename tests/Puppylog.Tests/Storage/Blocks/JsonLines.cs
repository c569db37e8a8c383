using System.Globalization;
using System.Text;

namespace Puppylog.Tests.Storage.Blocks;

/// <summary>Random JSON lines: few forms that repeat with other values, and odd ones between them.</summary>
sealed class JsonLines(Random random)
{
    static readonly string[] Numbers = ["0", "-0", "1.0", "1e5", "-1.5E+10", "0.000", "007", "1.", "12345678901234567890", "-5", "3.14", "1446249499"];

    static readonly string[] Texts =
    [
        "", "plain", "two words", "a\\nb", "\\u00e9", "\\u00E9", "é", "😀", "\\ud83d\\ude00", "\\ud83d", "\\/", "\\\"", "\\\\", "\\t\\b\\f",
        "\\u0007", "\\u001b[0m", "\\u001B", "raw\ttab", "\u00ff\u00fe", "{x}", "{{", "}", "null", "\\u003cb\\u003e", "\\u0022", "long " + new string('x', 300),
    ];

    static readonly string[] Names =
    [
        "a", "b", "a.b", "data", "user", "id", "msg", "message", "level", "severity", "n", "", "_msg", "_time", "_raw", "_stream", "_line.zone",
        "x|-", "_time:clf", "m:json", "br{ace", "br}ace", "\\u0061", "é", "Level", "k\\n",
    ];

    static readonly string[] Times =
    [
        "\"2026-11-21T14:00:05Z\"", "\"2026-11-21T14:00:05.{0:D3}Z\"", "\"2026-11-21T14:00:05.{0:D6}Z\"", "\"2026-11-21T14:00:05.{0:D9}Z\"", "\"2026-11-21T14:00:05.{0}Z\"",
        "\"2026-11-21 14:00:05,{0:D3}\"", "\"2026-11-21T14:00:05.{0:D3}+02:00\"", "\"2026-11-21T14:00:05-0330\"", "\"2026-11-21T14:00Z\"", "\"2026-11-21T14:00:60Z\"",
        "\"2026-11-21t14:00:05.{0:D3}z\"", "\"2026-11-21T14:00:05.1234567891Z\"", "\"2026-11-21T14:00:05\\u002b01:00\"", "\"10/Oct/2000:13:55:36 -0700\"", "\"soon\"",
        "1795269605", "1795269605{0:D3}", "1795269605123{0:D3}", "1795269605123456{0:D3}", "1795269605.{0}", "1795269605.{0:D3}", "1795269605{0:D3}.5",
        "1.795269605e9", "null", "true", "\"1795269605.{0}\"", "0001795269605", "\"0001795269605\"", "\"+1795269605\"", "99999999999999999999",
    ];

    readonly string[] _forms = [.. Enumerable.Range(0, 12).Select(_ => Form(random, 0))];

    /// <summary>A line; not always valid JSON.</summary>
    public byte[] Next() => random.Next(20) switch
    {
        0 => Encode(Form(random, 0)),
        1 => Mutated(Encode(Fill(_forms[random.Next(_forms.Length)]))),
        _ => Encode(Fill(_forms[random.Next(_forms.Length)])),
    };

    /// <summary>Latin-1 for what is one of its characters, so that lines have bytes that are no UTF-8; UTF-8 for the rest.</summary>
    static byte[] Encode(string line)
    {
        var bytes = new List<byte>();
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Value is 0xFF or 0xFE)
            {
                bytes.Add((byte)rune.Value);
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
            }
        }

        return [.. bytes];
    }

    byte[] Mutated(byte[] line)
    {
        line[random.Next(line.Length)] = (byte)random.Next(32, 127);
        return line;
    }

    /// <summary>An object with a placeholder (% and a letter) for each value.</summary>
    static string Form(Random random, int depth)
    {
        string Space() => random.Next(6) == 0 ? " " : "";
        var fields = new List<string>();
        if (depth == 0 && random.Next(4) != 0)
        {
            fields.Add($"\"{(random.Next(3) == 0 ? "ts" : "time")}\":{Space()}%{(char)('A' + random.Next(Times.Length))}");
        }

        for (var left = random.Next(6); left > 0; left--)
        {
            var value = random.Next(12) switch
            {
                < 4 => "\"%t\"",
                < 6 => "%n",
                6 => "null",
                7 => "%b",
                8 => "%j",
                9 => depth < 3 ? Form(random, depth + 1) : "{}",
                10 => $"[{Space()}1, \"%t\",{{\"q\":%n}}]",
                _ => "%v",
            };
            fields.Add($"{Space()}\"{Names[random.Next(Names.Length)]}\"{Space()}:{Space()}{value}{Space()}");
        }

        var order = fields.ToArray();
        random.Shuffle(order);
        return $"{(depth == 0 ? Space() : "")}{{{string.Join(',', order)}}}{(depth == 0 && random.Next(8) == 0 ? "\r" : "")}";
    }

    string Fill(string form)
    {
        var line = new StringBuilder();
        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] != '%')
            {
                line.Append(form[i]);
                continue;
            }

            line.Append(form[++i] switch
            {
                't' => Text(),
                'n' => Number(),
                'b' => random.Next(2) == 0 ? "true" : "false",
                'j' => random.Next(3) switch { 0 => "[]", 1 => "{}", _ => "[1,[2]]" },
                'v' => random.Next(4) switch { 0 => "null", 1 => Number(), 2 => $"\"{Text()}\"", _ => "{\"deep\":1}" },
                var time => string.Format(CultureInfo.InvariantCulture, Times[time - 'A'], random.Next(1000)),
            });
        }

        return line.ToString();
    }

    string Number() => random.Next(3) == 0 ? Numbers[random.Next(Numbers.Length)] : random.Next(100_000).ToString(CultureInfo.InvariantCulture);

    string Text() => random.Next(3) == 0 ? Texts[random.Next(Texts.Length)] : $"text {random.Next(1000)}";
}
