using System.Text;
using System.Text.Json;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Tests.Query.Execution;

namespace Puppylog.Tests.Query.Pipes;

public sealed class UnpackTests
{
    static readonly string[] Options = ["", " keep_original_fields", " skip_empty_results"];

    [Theory]
    [InlineData("unpack_json", """{"a":1,"b":"x"}""", "a=1 b=x")]
    [InlineData("unpack_json", """{"a":{"b":{"c":"d"},"e":true},"f":[1,{"g":2}],"h":{},"i":null,"j":-1.50}""", """a.b.c=d a.e=true f=[1,{"g":2}] h={} j=-1.50""")]
    [InlineData("unpack_json", """{"a":"\u00e9\t\"","b":1}""", "a=é\t\" b=1")]
    [InlineData("unpack_json", """{"a":1,"a":2}""", "a=2")]
    [InlineData("unpack_json", """{"a":"x","a":""}""", "")]
    [InlineData("unpack_json", """{"a":1""", "")]
    [InlineData("unpack_json", """[{"a":1}]""", "")]
    [InlineData("unpack_json", """{"a":1}x""", "")]
    [InlineData("unpack_json", "plain", "")]
    [InlineData("unpack_json", """{"_time":"x","_raw":"x","_stream":"x","_stream_id":"x","_line.zone":"x","_overflow":"x","":"x","a":1}""", "a=1")]
    [InlineData("unpack_json result_prefix p.", """{"_time":"x","_raw":"y","":"z","a":1}""", "p.=z p._raw=y p._time=x p.a=1")]
    [InlineData("unpack_json fields (a, b*)", """{"a":1,"b":2,"bc":3,"c":4,"d":{"b":5}}""", "a=1 b=2 bc=3")]
    [InlineData("unpack_json fields (b*) result_prefix \"p_\"", """{"a":1,"b":2,"p_b":3}""", "p_b=2")]
    [InlineData("unpack_logfmt", """a=1 b="x\ty" c=  word d=e=f""", "a=1 b=x\ty d=e=f")]
    [InlineData("unpack_logfmt", "no pairs at all", "")]
    [InlineData("unpack_logfmt", "a=1 b=\"not closed", "")]
    [InlineData("unpack_logfmt fields (b) result_prefix l_", "a=1 b=2", "l_b=2")]
    public void Values_become_fields(string pipe, string value, string expected)
    {
        foreach (var encoded in new[] { true, false })
        {
            var block = new TestBlock([new(TestRecords.Start, new Dictionary<string, string> { ["_msg"] = value })], encoded);
            Assert.Equal(expected, string.Join(' ', Sorted(Assert.Single(TestRecords.Run($"* | {pipe} | delete _time, _msg", [block])))));
        }
    }

    [Theory]
    [InlineData("unpack_json", "a=1 b=2 c=3; b=2; a=o b=p; b=p c=q; a=o b=p")]
    [InlineData("unpack_json keep_original_fields", "a=o b=p c=3; a=o b=p; a=o b=p; b=p c=q; a=o b=p")]
    [InlineData("unpack_json skip_empty_results", "a=1 b=2 c=3; a=o b=2; a=o b=p; b=p c=q; a=o b=p")]
    [InlineData("unpack_json fields (a, c)", "a=1 b=p c=3; b=p; a=o b=p; b=p; a=o b=p")]
    [InlineData("unpack_json fields (a, c) skip_empty_results", "a=1 b=p c=3; a=o b=p; a=o b=p; b=p c=q; a=o b=p")]
    [InlineData("unpack_json if (n:<2)", "a=1 b=2 c=3; a=o b=p; a=o b=p; b=p c=q; a=o b=p")]
    [InlineData("unpack_json from nothing", "a=o b=p; a=o b=p; a=o b=p; b=p c=q; a=o b=p")]
    [InlineData("unpack_json | filter b:2 | fields a, b, c", "a=1 b=2 c=3; b=2")]
    [InlineData("unpack_json | filter a:o", "a=o b=p; a=o b=p")]
    [InlineData("unpack_json | stats by (a) count() hits", "hits=2; a=1 hits=1; a=o hits=2")]
    [InlineData("unpack_json | sort by (b desc, a) | fields a, b", "b=p; a=o b=p; a=o b=p; b=2; a=1 b=2")]
    [InlineData("sort by (_time desc) limit 4 | unpack_json | fields a, b", "a=o b=p; b=p; a=o b=p; b=2")]
    [InlineData("unpack_json | delete n, _time, _msg | field_names", "hits=3 name=a; hits=5 name=b; hits=2 name=c")]
    [InlineData("unpack_json | rename a as time, b as x | fields time, x", "time=1 x=2; x=2; time=o x=p; x=p; time=o x=p")]
    [InlineData("fields _msg | unpack_json", "a=1 b=2 c=3; b=2")]
    public void Rows_own_values_stay_where_nothing_takes_their_place(string pipes, string expected)
    {
        string[] messages = ["""{"a":1,"b":2,"c":3}""", """{"a":"","b":2}""", "plain", """{"d":null}""", """{"a":1"""];
        TestRecord RecordOf(int n) => new(
            TestRecords.Start + n,
            new Dictionary<string, string>(n == 3 ? [new("c", "q")] : [new("a", "o")]) { ["b"] = "p", ["n"] = $"{n + 1}", ["_msg"] = messages[n] });
        foreach (var encoded in new[] { true, false })
        {
            TestBlock[] blocks = [new([RecordOf(0), RecordOf(1), RecordOf(2)], encoded), new([RecordOf(3), RecordOf(4)], encoded)];
            var rows = TestRecords.Run($"* | {pipes}", blocks);
            var shown = rows.Select(row => string.Join(' ', Sorted(row).Where(field => !field.StartsWith("_msg=", StringComparison.Ordinal) && !field.StartsWith("_time=", StringComparison.Ordinal) && !field.StartsWith("n=", StringComparison.Ordinal))));
            Assert.Equal(expected, string.Join("; ", shown.Where(row => row.Length > 0)));
        }
    }

    /// <summary>Against records into which the values were unpacked the plain way before the query.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_objects_give_what_plain_records_of_their_fields_give(int seed)
    {
        var random = new Random(seed);
        string[] pipes =
        [
            "", "filter a:<5", "filter a.b:=x or c:*", "filter !(c:=1)", "stats by (a, a.b) count() n, count_uniq(c) u", "sort by (b, a desc, _time)", "fields a, b*, p_a", "delete a*, p_*",
            "field_names", "top 5 by (a)", "filter b:o | stats by (b) count() n", "uniq by (p_a, b)", "rename a as z | filter z:>3 | fields z, c", "stats count(a) n, max(a) m, min(a.b) l", "facets 3",
        ];
        for (var i = 0; i < 150; i++)
        {
            string[] patterns = [" fields (a, b)", " fields (a*, c)", " fields (*)", "", "", ""];
            var (fields, prefix, option) = (patterns[random.Next(patterns.Length)], random.Next(3) == 0 ? "p_" : "", Options[random.Next(3)]);
            var condition = random.Next(4) == 0 ? " if (n:<20)" : "";
            var unpack = $"unpack_json{condition} from m{fields}{(prefix.Length > 0 ? $" result_prefix {prefix}" : "")}{option}";
            var records = Enumerable.Range(0, random.Next(1, 60)).Select(n => RandomRecord(random, n)).ToList();
            var naive = records.ConvertAll(record => condition.Length > 0 && int.Parse(record.Fields["n"]) >= 20 ? record : Naive(record, fields, prefix, option));
            var rest = pipes[random.Next(pipes.Length)];
            var behind = rest.Length > 0 ? $" | {rest}" : "";
            var size = random.Next(1, 30);
            var encoded = random.Next(2) == 0;
            var actual = TestRecords.Run($"* | {unpack}{behind}", Cut(records, size, encoded), random.Next(1, 3));
            Assert.Equal(TestRecords.Run($"*{behind}", Cut(naive, size, encoded)).Select(Line), actual.Select(Line));
        }

        static string Line(string row) => string.Join(' ', Sorted(row));
    }

    [Fact]
    public void Any_bytes_are_unpacked_or_left_and_alike_alone_and_after_others()
    {
        var random = new Random(11);
        var unpacked = 0;
        foreach (var pipe in new[] { "unpack_json", "unpack_logfmt", "unpack_json fields (a) result_prefix _", "unpack_logfmt keep_original_fields" })
        {
            for (var i = 0; i < 200; i++)
            {
                var values = Enumerable.Range(0, 30).Select(_ => Mutated(random, pipe.Contains("logfmt", StringComparison.Ordinal))).ToArray();
                var together = Unpacked(pipe, values);
                for (var row = 0; row < values.Length; row++)
                {
                    Assert.Equal(Assert.Single(Unpacked(pipe, [values[row]])), together[row]);
                    unpacked += together[row].Length > 0 ? 1 : 0;
                }
            }
        }

        Assert.True(unpacked > 1000, $"only {unpacked} values were unpacked");
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100_000, false)]
    public void Objects_nested_deeper_than_64_levels_are_left(int levels, bool isUnpacked)
    {
        var value = new StringBuilder().Insert(0, "{\"a\":", levels).Append("{\"b\":1}").Append('}', levels).ToString();
        Assert.Equal(isUnpacked, Assert.Single(Unpacked("unpack_json", [Encoding.UTF8.GetBytes(value)])).Length > 0);
    }

    [Fact]
    public void Names_longer_than_1024_bytes_are_passed_over()
    {
        var value = $$"""{"{{new string('a', 1024)}}":1,"{{new string('b', 1025)}}":2,"c":3}""";
        Assert.Equal($"{new string('a', 1024)}=1 c=3", Assert.Single(Unpacked("unpack_json", [Encoding.UTF8.GetBytes(value)])));
    }

    [Fact]
    public void Many_names_are_charged_to_the_query_and_only_where_somebody_asks_for_them()
    {
        var records = Enumerable.Range(0, 200).Select(row => new TestRecord(
            TestRecords.Start + row,
            new Dictionary<string, string> { ["_msg"] = $"{{{string.Join(',', Enumerable.Range(0, 200).Select(key => $"\"k{row}_{key}\":{key}"))},\"level\":\"info\"}}" })).ToList();
        TestBlock[] blocks = [new(records, encoded: false)];
        Assert.Throws<QueryMemoryException>(() => TestRecords.Run("* | unpack_json", blocks, maxMemory: 4 << 20));
        Assert.Throws<QueryMemoryException>(() => TestRecords.Run("* | limit 1000 | unpack_json", blocks, maxMemory: 4 << 20));
        Assert.Equal(["level=info hits=200"], TestRecords.Run("* | unpack_json | stats by (level) count() hits", blocks, maxMemory: 4 << 20));
        Assert.Equal(["level=info hits=200"], TestRecords.Run("* | limit 1000 | unpack_json | stats by (level) count() hits", blocks, maxMemory: 4 << 20));
        Assert.Equal(200, TestRecords.Run("* | unpack_json", blocks).Count);
    }

    [Theory]
    [InlineData("* | unpack_json | stats count() n", false, "")]
    [InlineData("* | unpack_json | stats by (a) count() n", false, "_msg a")]
    [InlineData("* | unpack_json if (c:x) from m fields (x) | stats by (a) count() n", false, "a")]
    [InlineData("* | unpack_json if (c:x) from m result_prefix p_ | fields p_q, b", false, "b c m p_q")]
    [InlineData("* | unpack_json from m", true, "m")]
    public void Fields_that_nobody_asks_for_are_not_read(string query, bool all, string names)
    {
        var pipes = QueryParser.Parse(query, 0).Pipes;
        var needed = NeededFields.Everything;
        foreach (var pipe in pipes.Reverse())
        {
            needed = pipe.Needed(needed);
        }

        Assert.Equal((all, names), (needed.All, string.Join(' ', needed.Names.Order(StringComparer.Ordinal))));
    }

    static TestBlock[] Cut(List<TestRecord> records, int size, bool encoded) => [.. records.Chunk(size).Select(chunk => new TestBlock(chunk, encoded))];

    static string[] Sorted(string row)
    {
        var fields = row.Split(' ');
        Array.Sort(fields, StringComparer.Ordinal);
        return fields;
    }

    static TestRecord RandomRecord(Random random, int n)
    {
        var fields = new Dictionary<string, string> { ["n"] = $"{n}", ["m"] = random.Next(8) == 0 ? "none" : RandomObject(random, 0) };
        foreach (var name in new[] { "a", "b", "p_a" })
        {
            if (random.Next(3) == 0)
            {
                fields[name] = random.Next(2) == 0 ? "o" : $"{random.Next(9)}";
            }
        }

        return new(TestRecords.Start + (n * Timestamps.Second), fields);
    }

    static string RandomObject(Random random, int depth)
    {
        string[] names = ["a", "b", "c", "a.b", "_time", "n\\u0061"];
        var members = Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{names[random.Next(names.Length)]}\":{RandomValue(random, depth)}");
        return $"{{{string.Join(',', members)}}}";
    }

    static string RandomValue(Random random, int depth) => random.Next(9) switch
    {
        0 => "null",
        1 => "true",
        2 => "[1,\"x\"]",
        3 => "\"\"",
        4 or 5 when depth < 3 => RandomObject(random, depth + 1),
        6 => "\"x\\u00e4\"",
        7 => "\"x\"",
        _ => $"{random.Next(9)}",
    };

    static TestRecord Naive(TestRecord record, string patterns, string prefix, string option)
    {
        if (record.Fields["m"] is not ['{', ..] value)
        {
            return record;
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var document = JsonDocument.Parse(value))
        {
            Flatten(document.RootElement, "", found);
        }

        string[] listed = patterns switch { " fields (a, b)" => ["a", "b"], " fields (a*, c)" => ["c"], _ => [] };
        foreach (var name in listed)
        {
            found.TryAdd(name, "");
        }

        var fields = new Dictionary<string, string>(record.Fields);
        foreach (var (key, unpacked) in found)
        {
            var isListed = patterns switch { " fields (a, b)" => key is "a" or "b", " fields (a*, c)" => key.StartsWith('a') || key == "c", _ => true };
            var own = fields.GetValueOrDefault(prefix + key, "");
            if (isListed && prefix + key != "_time")
            {
                fields[prefix + key] = option switch { " keep_original_fields" when own.Length > 0 => own, " skip_empty_results" when unpacked.Length == 0 => own, _ => unpacked };
            }
        }

        return record with { Fields = fields };
    }

    static void Flatten(JsonElement element, string name, Dictionary<string, string> found)
    {
        foreach (var member in element.EnumerateObject())
        {
            var path = name.Length > 0 ? $"{name}.{member.Name}" : member.Name;
            if (member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any())
            {
                Flatten(member.Value, path, found);
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                found[path] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
            }
        }
    }

    static byte[] Mutated(Random random, bool isLogfmt)
    {
        string[] words = ["a=1", "b=\"x\\ty\"", "c=", "a", "=x", "_time=2", "é=\"", "\t", "msg=\"a b\"", "a.b=3.5"];
        var value = Encoding.UTF8.GetBytes(isLogfmt ? string.Join(' ', Enumerable.Range(0, random.Next(5)).Select(_ => words[random.Next(words.Length)])) : RandomObject(random, 0));
        for (var i = random.Next(3); i > 0 && value.Length > 0; i--)
        {
            value[random.Next(value.Length)] = (byte)random.Next(256);
        }

        return random.Next(6) == 0 ? value[..random.Next(value.Length + 1)] : value;
    }

    static string[] Unpacked(string pipe, byte[][] values)
    {
        var column = new ResultColumn(values.Length);
        foreach (var value in values)
        {
            column.Add(value);
        }

        var rows = Enumerable.Range(0, values.Length).ToArray();
        var unpack = (RowwisePipe)Assert.Single(QueryParser.Parse($"* | {pipe}", 0).Pipes);
        var view = unpack.Apply(new ResultView(values.Length).Add("_msg", column.ToVector()), ref rows);
        Assert.Equal(values.Length, rows.Length);
        return [.. rows.Select(row => string.Join(' ', Sorted(Printed(view, row))))];
    }

    static string Printed(RecordView view, int row) => string.Join(' ', ShapedView.OutputFieldsOf(view)
        .Where(name => name != "_msg" && view.Column(name)?.IsEmpty(row) == false).Select(name => $"{name}={Encoding.UTF8.GetString(view.Column(name)!.Value(row))}"));
}
