using System.Diagnostics;
using System.Globalization;
using Puppylog.Parsing;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Bench;

/// <summary>What each detector and processor costs a line, on the first lines of a file.</summary>
static class ProcessMeasurement
{
    const int Size = 32 << 20;
    const int Rounds = 5;

    static readonly (string Name, ProcessorOptions[] Options)[] Cases =
    [
        .. RedactOptions.Known.Select(name => ($"redact {name}", new ProcessorOptions[] { new RedactOptions { Detectors = [name] } })),
        ("redact all five", [new RedactOptions { Detectors = RedactOptions.Known }]),
        ("redact ip, keyed", [new RedactOptions { Detectors = [RedactOptions.Ip], Key = RedactionKey.FromText("0123456789abcdef") }]),
        ("redact pattern", [new RedactOptions { Patterns = ["SSN-[0-9]{9}"] }]),
        ("add", [new AddOptions("team", "shop")]),
        ("rename user_agent", [new RenameOptions("user_agent", "agent")]),
        ("remove user_agent", [new RemoveOptions(["user_agent"])]),
        ("drop status:=404", [new FilterOptions("status:=404", Keeps: false)]),
        ("sample 0.5", [new SampleOptions(0.5)]),
        ("deduplicate", [new DeduplicateOptions()]),
        ("limit", [new RateLimitOptions(1e9)]),
        ("cap", [new CapOptions { MaxFields = 3, MaxLength = 64 }]),
    ];

    public static int Run(string file, string format)
    {
        var lines = Read(file);
        var count = lines.AsSpan().Count((byte)'\n');
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} lines, {lines.Length / count} bytes a line; ns a line, best of {Rounds}"));
        foreach (var (name, options) in Cases)
        {
            var best = double.MaxValue;
            var note = "";
            for (var round = 0; round < Rounds; round++)
            {
                var chain = new ProcessorChain(options, TimeProvider.System);
                var elapsed = chain.Redactor is { } redactor ? Redact(lines, redactor, out note) : Process(lines, chain, format, out note);
                best = Math.Min(best, elapsed.TotalNanoseconds / count);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {best,8:0.0}  {note}"));
        }

        return 0;
    }

    static TimeSpan Redact(byte[] lines, Processing.Redaction.LineRedactor redactor, out string note)
    {
        var watch = new Stopwatch();
        foreach (var (start, end) in Pieces(lines, 256 << 10))
        {
            watch.Start();
            redactor.Redact(lines.AsSpan(start, end - start));
            watch.Stop();
        }

        note = string.Create(CultureInfo.InvariantCulture, $"{redactor.TakeCount():N0} places");
        return watch.Elapsed;
    }

    static TimeSpan Process(byte[] lines, ProcessorChain chain, string format, out string note)
    {
        var parser = LineParsers.Create(format, false);
        var batch = new RecordBatch(parser.Shape);
        var watch = new Stopwatch();
        var left = 0;
        foreach (var (start, end) in Pieces(lines, 6 << 20))
        {
            batch.Reset(parser.Shape);
            parser.Bind(batch);
            var copy = batch.Append(lines.AsSpan(start, end - start));
            var at = 0;
            while (at < copy.Length)
            {
                var length = batch.Bytes[(copy.Offset + at)..copy.End].IndexOf((byte)'\n');
                parser.TryParse(new(copy.Offset + at, length), out _);
                at += length + 1;
            }

            watch.Start();
            chain.Apply(batch);
            watch.Stop();
            left += batch.Count;
        }

        note = string.Create(CultureInfo.InvariantCulture, $"{left:N0} left");
        return watch.Elapsed;
    }

    static IEnumerable<(int Start, int End)> Pieces(byte[] lines, int size)
    {
        for (var start = 0; start < lines.Length;)
        {
            var end = Math.Min(lines.Length, start + size);
            end = lines.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
            yield return (start, end);
            start = end;
        }
    }

    static byte[] Read(string file)
    {
        using var stream = File.OpenRead(file);
        var bytes = new byte[Size];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..(bytes.AsSpan(0, length).LastIndexOf((byte)'\n') + 1)];
    }
}
