using System.Globalization;
using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.Bench;

/// <summary>CPU time of a parser alone over a file, next to that of the whole run with reading and framing.</summary>
static class ParseMeasurement
{
    public static int Run(string file, string format)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
        var parser = LineParsers.Create(format, replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        var spans = new List<ByteSpan>(RecordBatch.MaxRecords);
        long offset = 0, lines = 0, invalid = 0;
        WarmUp(handle, parser, batch, spans);
        var cpuBefore = Environment.CpuUsage.TotalTime;
        var parsing = TimeSpan.Zero;
        while (true)
        {
            batch.Reset(parser.Shape);
            parser.Bind(batch);
            var block = batch.Reserve(RecordBatch.FullBytes)[..RecordBatch.FullBytes];
            var read = RandomAccess.Read(handle, block, offset);
            if (read == 0)
            {
                break;
            }

            var end = block[..read].LastIndexOf((byte)'\n') + 1;
            if (end == 0)
            {
                end = read;
            }

            offset += end;
            batch.Advance(end);
            Frame(batch.Bytes, spans);
            lines += spans.Count;

            var before = Environment.CpuUsage.TotalTime;
            foreach (var line in spans)
            {
                if (!parser.TryParse(line, out _))
                {
                    invalid++;
                }
            }

            parsing += Environment.CpuUsage.TotalTime - before;
        }

        var total = Environment.CpuUsage.TotalTime - cpuBefore;
        Print("lines", lines);
        Print("invalid", invalid);
        Print("bytes", offset);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parser   {parsing.TotalSeconds,14:0.000} CPU s {lines / parsing.TotalSeconds,14:N0} lines/CPU s {offset / parsing.TotalSeconds / 1e6,10:N0} MB/CPU s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"total    {total.TotalSeconds,14:0.000} CPU s {lines / total.TotalSeconds,14:N0} lines/CPU s"));
        return 0;
    }

    /// <summary>The published program starts with compiled code; here the compiler gets half a second to catch up.</summary>
    static void WarmUp(Microsoft.Win32.SafeHandles.SafeFileHandle handle, LineParser parser, RecordBatch batch, List<ByteSpan> spans)
    {
        var end = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(0.7);
        while (Environment.CpuUsage.TotalTime < end)
        {
            batch.Reset(parser.Shape);
            parser.Bind(batch);
            batch.Advance(RandomAccess.Read(handle, batch.Reserve(1 << 20)[..(1 << 20)], 0));
            Frame(batch.Bytes, spans);
            foreach (var line in spans)
            {
                _ = parser.TryParse(line, out _);
            }

            Thread.Sleep(5);
        }
    }

    static void Frame(ReadOnlySpan<byte> bytes, List<ByteSpan> spans)
    {
        spans.Clear();
        var at = 0;
        while (at < bytes.Length)
        {
            var length = bytes[at..].IndexOf((byte)'\n');
            if (length < 0)
            {
                length = bytes.Length - at;
            }

            spans.Add(new(at, length));
            at += length + 1;
        }
    }

    static void Print(string name, long value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-8} {value,14:N0}"));
}
