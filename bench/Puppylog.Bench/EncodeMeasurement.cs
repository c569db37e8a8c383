using System.Globalization;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Bench;

/// <summary>Parses a log, encodes it and decodes it again: CPU seconds of each, bytes per column, and whether each line came back.</summary>
static class EncodeMeasurement
{
    /// <summary>Encodes a log several times, each time with a new encoder, and adds up the least CPU time of parsing and encoding each block.</summary>
    public static int RunLeast(string file, string format, int passes)
    {
        var parses = new List<TimeSpan>();
        var encodes = new List<TimeSpan>();
        long raw = 0, encoded = 0;
        var batch = new RecordBatch(RecordShape.Plain);
        batch.Append(new byte[2 * RecordBatch.FullBytes]);
        for (var pass = 0; pass < passes; pass++)
        {
            var encoder = new BlockEncoder();
            var parser = LineParsers.Create(format, replaceTimes: false);
            parser.ReadTime = 1_790_000_000_000_000_000;
            (raw, encoded) = (0, 0);
            using var stream = File.OpenRead(file);
            var buffer = new byte[RecordBatch.FullBytes];
            var kept = 0;
            var block = 0;
            int read;
            while ((read = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false)) > 0)
            {
                var all = kept + read;
                var whole = buffer.AsSpan(0, all).LastIndexOf((byte)'\n') + 1;
                batch.Reset(parser.Shape);
                parser.Bind(batch);
                var before = Cpu();
                var chunk = batch.Append(buffer.AsSpan(0, whole));
                var place = chunk.Offset;
                while (place < chunk.End && !batch.HasAllRecords)
                {
                    var length = batch.Bytes[place..chunk.End].IndexOf((byte)'\n');
                    _ = parser.TryParse(new(place, length), out _);
                    place += length + 1;
                }

                Keep(parses, block, Cpu() - before);
                int[] rows = [.. Enumerable.Range(0, batch.Count)];
                before = Cpu();
                var body = encoder.Encode(batch, rows);
                Keep(encodes, block, Cpu() - before);
                encoded += body.Body.Length;
                block++;
                var taken = place - chunk.Offset;
                raw += taken;
                buffer.AsSpan(taken, all - taken).CopyTo(buffer);
                kept = all - taken;
            }
        }

        var (parse, encode) = (parses.Sum(time => time.TotalMilliseconds), encodes.Sum(time => time.TotalMilliseconds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{format} {raw:N0} bytes in {encodes.Count} blocks, {encoded:N0} encoded; ns a byte: parse {parse * 1e6 / raw:F2}, encode {encode * 1e6 / raw:F2}, first block {encodes[0].TotalMilliseconds:F0} ms, others {encodes.Skip(1).DefaultIfEmpty().Average(time => time.TotalMilliseconds):F1} ms"));
        return 0;
    }

    static void Keep(List<TimeSpan> least, int block, TimeSpan time)
    {
        if (block == least.Count)
        {
            least.Add(time);
        }
        else if (time < least[block])
        {
            least[block] = time;
        }
    }

    public static int Run(string file, string format)
    {
        var encoder = new BlockEncoder();
        var parser = LineParsers.Create(format, replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var sizes = new SortedDictionary<string, (long Bytes, string Encodings)>(StringComparer.Ordinal);
        TimeSpan parse = default, encode = default, decode = default;
        long records = 0, raw = 0, encoded = 0, derived = 0, wrong = 0;
        var templates = 0;
        using var stream = File.OpenRead(file);
        var buffer = new byte[1 << 20];
        var kept = 0;
        int read;
        while ((read = stream.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            var all = kept + read;
            var whole = buffer.AsSpan(0, all).LastIndexOf((byte)'\n') + 1;
            var before = Cpu();
            var chunk = batch.Append(buffer.AsSpan(0, whole));
            var at = chunk.Offset;
            while (at < chunk.End)
            {
                var length = batch.Bytes[at..chunk.End].IndexOf((byte)'\n');
                _ = parser.TryParse(new(at, length), out _);
                at += length + 1;
            }

            parse += Cpu() - before;
            raw += whole;
            buffer.AsSpan(whole, all - whole).CopyTo(buffer);
            kept = all - whole;
            if (batch.IsFull)
            {
                Flush();
            }
        }

        Flush();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records:N0} records, {raw:N0} bytes raw, {encoded:N0} encoded (1/{raw / (double)encoded:F1})"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parse {parse.TotalSeconds:F2} CPU s ({records / parse.TotalSeconds / 1e6:F1} M/s), encode {encode.TotalSeconds:F2} CPU s ({records / encode.TotalSeconds / 1e6:F1} M/s), decode all columns {decode.TotalSeconds:F2} CPU s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{derived / (double)records:P2} of the lines derived, {templates} templates at most in a block; {wrong} lines came back otherwise"));
        foreach (var (name, (bytes, encodings)) in sizes.OrderByDescending(entry => entry.Value.Bytes))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} {bytes,12:N0} {encodings}"));
        }

        return 0;

        void Flush()
        {
            var before = Cpu();
            var block = encoder.Encode(batch, [.. Enumerable.Range(0, batch.Count)]);
            encode += Cpu() - before;
            records += batch.Count;
            encoded += block.Body.Length;
            before = Cpu();
            var view = (BlockView)BlockReader.Open(new MemoryBlockBytes(block.Body));
            foreach (var entry in view.Entries)
            {
                view.Column(entry.Name);
            }

            decode += Cpu() - before;
            var lines = view.Column(FieldNames.Raw);
            for (var row = 0; row < batch.Count; row++)
            {
                wrong += lines is not null && lines.Value(row).SequenceEqual(batch.Value(batch.Lines[row])) ? 0 : 1;
            }

            if (lines is LineVector composed)
            {
                derived += composed.Templates.Count(template => template != 0);
                templates = Math.Max(templates, composed.Parts.Length);
            }

            foreach (var entry in view.Entries)
            {
                var known = sizes.GetValueOrDefault(entry.Name, (0, ""));
                sizes[entry.Name] = (known.Bytes + entry.Place.Length,
                    known.Encodings.Contains(entry.Encoding.ToString(), StringComparison.Ordinal) ? known.Encodings : $"{known.Encodings} {entry.Encoding}");
            }

            batch.Reset(parser.Shape);
            parser.Bind(batch);
        }
    }

    static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;
}
