using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;

namespace Puppylog.Tests.Pipeline;

/// <summary>Files with a byte order mark, from the file to the store.</summary>
public sealed class EncodedTextTests
{
    const string Text = "one\nzwei äöü\n語 😀\n\nlast\n";

    static readonly string[] Lines = ["one", "zwei äöü", "語 😀", "", "last"];

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Lines_are_utf8_and_the_position_is_the_files(string encoding)
    {
        await using var bench = new CollectBench();
        var log = Write(bench, encoding, Text);
        var summary = await bench.RunAsync(log);
        Assert.Equal(Lines, Stored(bench));
        var size = new FileInfo(log).Length;
        Assert.Equal((size, 5), (Assert.Single(bench.Store.Positions.Values).Offset, Assert.Single(bench.Store.Positions.Values).Line));
        Assert.Equal((size, 5, 0), (summary.Counters.Bytes, summary.Counters.Read, summary.Counters.Replaced));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Compressed_text_is_decoded_and_read_on(string encoding)
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log.gz");
        Compress(log, Bytes(encoding, "one\ntwo\n"));
        await bench.RunAsync(log);
        using (var file = new FileStream(log, FileMode.Append))
        {
            using var gzip = new GZipStream(file, CompressionLevel.Fastest);
            gzip.Write(Encoding.GetEncoding(encoding).GetBytes("drei ä\n"));
        }

        await bench.RunAsync(log);
        Assert.Equal(["one", "two", "drei ä"], Stored(bench));
        Assert.Equal(Bytes(encoding, "one\ntwo\ndrei ä\n").Length, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Each_byte_may_come_by_itself_with_a_restart_behind_it(string encoding)
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        var bytes = Bytes(encoding, Text);
        await bench.WatchAsync(log);
        for (var i = 0; i < bytes.Length; i++)
        {
            using (var file = new FileStream(log, FileMode.Append))
            {
                file.WriteByte(bytes[i]);
            }

            await bench.PollAsync();
            if (i % 3 > 0)
            {
                bench.Stop();
                await bench.WatchAsync(log);
            }
        }

        await bench.PollAsync();
        Assert.Equal(Lines, Stored(bench));
        Assert.Equal(bytes.Length, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Content_that_takes_the_place_of_another_has_its_own_encoding(string encoding)
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        string[] encodings = [encoding, "us-ascii", "utf-16", "utf-8", "utf-16BE", encoding];
        await bench.WatchAsync(log);
        for (var i = 0; i < encodings.Length; i++)
        {
            File.WriteAllBytes(log, [.. Bytes(encodings[i], $"this is {i}\nhalf"), .. i % 2 == 0 ? [] : new byte[] { 0x20 }]);
            await bench.PollLongAsync();
            File.WriteAllBytes(log, []);
            await bench.PollLongAsync();
        }

        Assert.Equal([.. Enumerable.Range(0, encodings.Length).Select(i => $"this is {i}")], Stored(bench).Where(line => !line.StartsWith("half", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task From_the_end_on_a_line_that_is_half_there_is_given_whole(string encoding)
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllBytes(log, Bytes(encoding, "one\ntwo\nthਊr"));
        bench.Options = bench.Options with { FromEnd = true };
        await bench.WatchAsync(log);
        await bench.PollAsync();
        Append(log, encoding, "ee\nfour\n");
        await bench.PollAsync();
        Assert.Equal(["thਊree", "four"], Stored(bench));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Position_stays_before_a_record_that_waits_for_lines(string encoding)
    {
        await using var bench = new CollectBench { Parsers = IndentParser.Lookup };
        var log = Write(bench, encoding, "öne\n  möre\nzwei\n  halb\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        Assert.Equal(["öne\n  möre"], Stored(bench));
        Assert.Equal(Bytes(encoding, "öne\n  möre\n").Length, Assert.Single(bench.Store.Positions.Values).Offset);
        bench.Stop();
        bench.Options = bench.Options with { Watch = false };
        Append(log, encoding, "  und ganz\ndrei\n");
        await bench.RunAsync(log);
        Assert.Equal(["öne\n  möre", "zwei\n  halb\n  und ganz", "drei"], Stored(bench));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Line_that_waits_is_read_with_changed_settings_and_is_not_cut(string encoding)
    {
        await using var bench = new CollectBench { Parsers = IndentParser.Lookup };
        var log = Write(bench, encoding, "öne\n  möre\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        Assert.Empty(bench.Store.Lines);
        await bench.ReconfigureAsync(new SourceOptions { Input = log, Join = JoinRule.Off });
        await bench.PollAsync();
        Assert.Equal(["öne", "  möre"], Stored(bench));
        Assert.All(bench.Store.Lines, line => Assert.False(line.Fields.ContainsKey("cut_bytes")));
        Assert.Equal(new FileInfo(log).Length, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Batches_end_within_what_was_read_at_a_line_of_the_file(string encoding)
    {
        await using var bench = new CollectBench();
        bench.Options = bench.Options with { BatchSize = 7 };
        var lines = Enumerable.Range(0, 500).Select(i => new string('ä', i % 11) + i).ToArray();
        var log = Write(bench, encoding, string.Join('\n', lines) + "\n");
        bench.Store.Committed = positions => Assert.All(positions, position =>
            Assert.Equal(Bytes(encoding, string.Concat(lines.Take((int)position.Line).Select(line => line + "\n"))).Length, position.Offset));
        await bench.RunAsync(log);
        Assert.Equal(lines, Stored(bench));
        Assert.True(bench.Store.Commits > 50);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Longest_line_is_counted_in_bytes_of_its_text(string encoding)
    {
        await using var bench = new CollectBench();
        bench.Options = bench.Options with { MaxLine = 10 };
        var log = Write(bench, encoding, $"0123456789\n{new string('x', 400_000)}\nend\n");
        var summary = await bench.RunAsync(log);
        Assert.Equal(["0123456789", "xxxxxxxxxx", "end"], Stored(bench));
        Assert.Equal("399990", bench.Store.Lines[1].Fields["cut_bytes"]);
        Assert.Equal(new FileInfo(log).Length, Assert.Single(bench.Store.Positions.Values).Offset);
        Assert.Equal(1, summary.Counters.Cut);
    }

    [Fact]
    public async Task Halves_of_characters_are_replaced_and_counted()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllBytes(log, Convert.FromHexString("fffe" + "61003dd80a00" + "00de62000a00" + "6300" + "3dd8" + "00"));
        var summary = await bench.RunAsync(log);
        Assert.Equal(["a\ufffd", "\ufffdb", "c\ufffd\ufffd"], Stored(bench));
        Assert.Equal(4, summary.Counters.Replaced);
        Assert.Equal(19, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Fact]
    public async Task Standard_input_is_decoded()
    {
        await using var bench = new CollectBench();
        bench.StandardInput = () => new MemoryStream(Bytes("utf-16", Text));
        await bench.RunAsync("-");
        Assert.Equal(Lines, Stored(bench));
    }

    [Fact]
    public async Task Bytes_of_text_without_a_mark_are_kept_as_they_are()
    {
        await using var bench = new CollectBench();
        byte[] text = [0xff, (byte)'a', (byte)'\r', (byte)'\n', 0, 0xc3, (byte)'\n', 0xed, 0xa0, 0x80, (byte)'\n', 0xfe, 0xff, (byte)'\n', 0xef, 0xbb, 0xbf];
        File.WriteAllBytes(bench.PathOf("a.log"), text);
        await bench.RunAsync(bench.PathOf("a.log"));
        Assert.Equal(["\u00ffa\r", "\0\u00c3", "\u00ed\u00a0\u0080", "\u00fe\u00ff", "\u00ef\u00bb\u00bf"], bench.Store.Texts);
    }

    [Fact]
    public void Any_text_in_any_pieces_with_restarts_is_stored_once() =>
        Prop.ForAll(Scripts().ToArbitrary(), script => Play(script.Encoding, script.Joins, script.Pieces).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    static Gen<(string Encoding, bool Joins, List<(string Text, int Cut, bool Restart)> Pieces)> Scripts() =>
        from encoding in Gen.Elements("utf-8", "utf-16", "utf-16BE")
        from joins in Gen.Elements(true, false)
        from pieces in (from text in Gen.Elements("a", " ", "\n", "\n ", "ä", "語", "😀", "b\n", "\r\n").ListOf().Select(string.Concat)
                        from cut in Gen.Choose(0, 3)
                        from restart in Gen.Elements(true, false)
                        select (text, cut, restart)).ListOf()
        select (encoding, joins, pieces.ToList());

    static async Task Play(string encoding, bool joins, List<(string Text, int Cut, bool Restart)> pieces)
    {
        await using var bench = joins ? new CollectBench { Parsers = IndentParser.Lookup } : new CollectBench();
        var log = bench.PathOf("a.log");
        var bytes = Bytes(encoding, string.Concat(pieces.Select(piece => piece.Text)));
        await bench.WatchAsync(log);
        var written = 0;
        var length = Encoding.GetEncoding(encoding).GetPreamble().Length;
        foreach (var (text, cut, restart) in pieces)
        {
            length += Encoding.GetEncoding(encoding).GetByteCount(text);
            using (var file = new FileStream(log, FileMode.Append))
            {
                file.Write(bytes.AsSpan(written, Math.Max(0, length - cut - written)));
            }

            written = Math.Max(written, length - cut);
            await bench.PollAsync();
            if (restart)
            {
                bench.Stop();
                await bench.WatchAsync(log);
            }
        }

        bench.Stop();
        using (var file = new FileStream(log, FileMode.Append))
        {
            file.Write(bytes.AsSpan(written));
        }

        bench.Options = bench.Options with { Watch = false };
        await bench.RunAsync(log);
        var whole = string.Concat(pieces.Select(piece => piece.Text));
        var lines = (whole.EndsWith('\n') ? whole[..^1] : whole).Split('\n').ToList();
        Assert.Equal(whole.Length == 0 ? [] : lines, Stored(bench).SelectMany(record => record.Split('\n')));
        Assert.Equal(bytes.Length, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    static string Write(CollectBench bench, string encoding, string text)
    {
        var log = bench.PathOf("a.log");
        File.WriteAllBytes(log, Bytes(encoding, text));
        return log;
    }

    static void Append(string log, string encoding, string text)
    {
        using var file = new FileStream(log, FileMode.Append);
        file.Write(Encoding.GetEncoding(encoding).GetBytes(text));
    }

    static void Compress(string path, byte[] bytes)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(bytes);
    }

    static byte[] Bytes(string encoding, string text) => [.. Encoding.GetEncoding(encoding).GetPreamble(), .. Encoding.GetEncoding(encoding).GetBytes(text)];

    static IEnumerable<string> Stored(CollectBench bench) => bench.Store.Texts.Select(text => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text)));
}
