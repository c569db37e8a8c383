using System.Collections.Immutable;
using Puppylog.Parsing.Access;
using Puppylog.Parsing.Containers;
using Puppylog.Parsing.Json;
using Puppylog.Parsing.Logfmt;
using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Patterns;
using Puppylog.Parsing.Postgres;
using Puppylog.Parsing.Servers;
using Puppylog.Parsing.Syslog;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>Tells a source's format from its first bytes, for <c>--format auto</c>.</summary>
sealed class FormatDetector
{
    const int MaxLines = 50;

    /// <summary>Lines are looked at up to so many bytes.</summary>
    const int MaxLine = 16 << 10;

    [ThreadStatic]
    static FormatDetector? _ofSources;

    [ThreadStatic]
    static FormatDetector? _ofMessages;

    readonly RecordBatch _batch = new(RecordShape.Plain);
    readonly AccessLogParser _access = new(AccessLogShape.Combined);
    readonly LogfmtParser _logfmt = new();
    readonly ImmutableArray<LineParser> _parsers;
    readonly int[] _counts;
    readonly int[] _sure;

    /// <param name="parsers">Those besides access logs, the more special first.</param>
    FormatDetector(ImmutableArray<LineParser> parsers)
    {
        _parsers = [_access, .. parsers, .. ApplicationFormats.Names.Select(name => ApplicationFormats.Create(name, false)), new SyslogParser(), _logfmt];
        _counts = new int[_parsers.Length];
        _sure = new int[_parsers.Length];
    }

    /// <summary>
    /// The format that most of the first records parse as, where at least half of them do, and of those that do so nearly alike
    /// the most special one; otherwise <c>text</c>, which accepts everything. Lines that look like parts of a stack trace are of the record before
    /// them. Empty lines do not count, nor does a last line that may be cut off, unless it is the only one.
    /// </summary>
    public static string Detect(ReadOnlySpan<byte> sample)
    {
        _ofSources ??= new([new DockerParser { ReadsMessage = false }, new CriParser { ReadsMessage = false }, new JsonLineParser(), new ApiRequestParser(), new NginxErrorParser(), new PostgresCsvParser()]);
        return _ofSources.Find(sample) ?? "text";
    }

    /// <summary>The format of a message within a line of another format; null where it is plain.</summary>
    public static string? DetectMessage(ReadOnlySpan<byte> message)
    {
        _ofMessages ??= new([new JsonLineParser(), new NginxErrorParser()]);
        return _ofMessages.Find(message);
    }

    string? Find(ReadOnlySpan<byte> sample)
    {
        _batch.Reset(RecordShape.Plain);
        _counts.AsSpan().Clear();
        _sure.AsSpan().Clear();
        foreach (var parser in _parsers)
        {
            parser.Bind(_batch);
        }

        int records = 0, combined = 0;
        LineJoin join = new PostgresCsvJoin() is var csv && csv.Begins(sample) ? csv : new TraceJoin((byte)'{');
        while (records < MaxLines && !sample.IsEmpty)
        {
            var record = NextRecord(ref sample, join, isFirst: records == 0);
            if (record.IsEmpty)
            {
                continue;
            }

            records++;
            var line = _batch.Append(record[..Math.Min(record.Length, MaxLine)]);
            for (var i = 0; i < _parsers.Length; i++)
            {
                if (_parsers[i].TryParse(line, out _))
                {
                    _counts[i]++;
                    _sure[i] += _parsers[i] is LogfmtParser { LastIsSure: false } or SyslogParser { LastIsSure: false } or PatternParser { LastIsSure: false } ? 0 : 1;
                    combined += i == 0 && _access.LastIsCombined ? 1 : 0;
                }
            }
        }

        for (var i = 0; i < _counts.Length; i++)
        {
            // Lines that may as well be of another format count where as many are of this one only.
            _counts[i] = _sure[i] * 2 >= _counts[i] ? _counts[i] : 0;
        }

        var most = _counts.Max();
        if (most == 0 || most * 2 < records)
        {
            return null;
        }

        // A line that was broken does not make a special format a general one.
        var best = Array.FindIndex(_counts, count => count * 10 >= most * 9);

        // Access logs of both kinds are one format to the parser: the more frequent one names it.
        return best > 0 ? _parsers[best].Format : combined * 2 >= _counts[0] ? "combined" : "clf";
    }

    /// <summary>Takes the lines of a record off the sample; empty where the line is, or where the last one may be cut off.</summary>
    static ReadOnlySpan<byte> NextRecord(ref ReadOnlySpan<byte> sample, LineJoin join, bool isFirst)
    {
        var record = sample;
        var end = 0;
        while (end < record.Length)
        {
            var newline = record[end..].IndexOf((byte)'\n');
            var line = newline < 0 ? record[end..] : record.Slice(end, newline);
            if (end > 0 && !join.Continues(line))
            {
                break;
            }

            if (end == 0)
            {
                join.Reset();
                join.Continues(line);
                if (newline < 0 && !isFirst)
                {
                    sample = default;
                    return default;
                }
            }

            end += newline < 0 ? line.Length : newline + 1;
        }

        sample = sample[end..];
        return record[..end].TrimEnd("\r\n"u8);
    }
}
