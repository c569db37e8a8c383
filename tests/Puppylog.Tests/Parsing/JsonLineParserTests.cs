using System.Text.Json.Nodes;
using Puppylog.Parsing;
using Puppylog.Parsing.Json;
using Puppylog.Records;

namespace Puppylog.Tests.Parsing;

public sealed class JsonLineParserTests
{
    /// <summary>line ⇶ message | time, empty where it is the time of reading | fields</summary>
    static readonly (string Line, string Message, string Time, string Fields)[] Table =
    [
        ("""{"a":1}""", """{"a":1}""", "", "a=1:Number"),
        ("""{}""", """{}""", "", ""),
        (""" { "a" : "x" , "b" : true } """, """ { "a" : "x" , "b" : true } """, "", "a=x:Text ; b=true:Boolean"),
        ("""{"msg":"hello","level":"info","time":"2026-11-21T14:00:05Z"}""", "hello", "2026-11-21T14:00:05Z", "level=info:Text"),
        ("""{"message":"m","msg":"n","ts":1446249499}""", "m", "2015-10-30T23:58:19Z", "msg=n:Text"),
        ("""{"msg":"n","message":"m"}""", "m", "", "msg=n:Text"),
        ("""{"@t":"2026-11-21T14:00:05.1234567Z","@mt":"Hi {Name}","@l":"Warning","Name":"x"}""", "Hi {Name}", "2026-11-21T14:00:05.123456700Z", "Name=x:Text ; level=warn:Text ; level_text=Warning:Text"),
        ("""{"@mt":"Hi {Name}","@m":"Hi x"}""", "Hi x", "", "@mt=Hi {Name}:Text"),
        ("""{"Timestamp":"2026-11-21T14:00:05+01:00","Level":"Error","Message":"boom"}""", "boom", "2026-11-21T13:00:05Z", "level=error:Text"),
        ("""{"timestamp":1446249499322}""", """{"timestamp":1446249499322}""", "2015-10-30T23:58:19.322Z", ""),
        ("""{"timestamp":1446249499322001}""", """{"timestamp":1446249499322001}""", "2015-10-30T23:58:19.322001Z", ""),
        ("""{"timestamp":1446249499322001002}""", """{"timestamp":1446249499322001002}""", "2015-10-30T23:58:19.322001002Z", ""),
        ("""{"ts":1446249499.25,"event":"started"}""", "started", "2015-10-30T23:58:19.250Z", ""),
        ("""{"ts":1.44624949925e9}""", """{"ts":1.44624949925e9}""", "2015-10-30T23:58:19.250Z", ""),
        ("""{"ts":"1446249499.322"}""", """{"ts":"1446249499.322"}""", "2015-10-30T23:58:19.322Z", ""),
        ("""{"time":"10/Oct/2000:13:55:36 -0700"}""", """{"time":"10/Oct/2000:13:55:36 -0700"}""", "2000-10-10T20:55:36Z", ""),
        ("""{"time":0.25,"ts":1446249499}""", """{"time":0.25,"ts":1446249499}""", "2015-10-30T23:58:19Z", "time=0.25:Number"),
        ("""{"time":"soon"}""", """{"time":"soon"}""", "", "time=soon:Text"),
        ("""{"time":1e300}""", """{"time":1e300}""", "", "time=1e300:Number"),
        ("""{"level":"a","severity":"b"}""", """{"level":"a","severity":"b"}""", "", "level=a:Text ; severity=b:Text"),
        ("""{"levelname":"WARN"}""", """{"levelname":"WARN"}""", "", "level=warn:Text"),
        ("""{"level":30}""", """{"level":30}""", "", "level=info:Text ; level_text=30:Number"),
        ("""{"data":{"x":1,"y":{"z":"q"}}}""", """{"data":{"x":1,"y":{"z":"q"}}}""", "", "data.x=1:Number ; data.y.z=q:Text"),
        ("""{"a":{"time":"2026-11-21T14:00:05Z","msg":"inner"}}""", """{"a":{"time":"2026-11-21T14:00:05Z","msg":"inner"}}""", "", "a.msg=inner:Text ; a.time=2026-11-21T14:00:05Z:Text"),
        ("""{"a":[1,{"b":[]},"]"],"b":[],"c":{}}""", """{"a":[1,{"b":[]},"]"],"b":[],"c":{}}""", "", """a=[1,{"b":[]},"]"]:Json ; b=[]:Json ; c={}:Json"""),
        ("""{"n":null,"f":false}""", """{"n":null,"f":false}""", "", "f=false:Boolean"),
        ("""{"n":-0.0,"e":1E+5,"l":00.5}""", "!", "", "expected a value in the JSON object"),
        ("""{"n":-0.0,"e":1E+5}""", """{"n":-0.0,"e":1E+5}""", "", "e=1E+5:Number ; n=-0.0:Number"),
        ("""{"a":"x\ty\"\\\/\u0041"}""", """{"a":"x\ty\"\\\/\u0041"}""", "", "a=x\ty\"\\/A:Text"),
        ("""{"a":"\u00e9"}""", """{"a":"\u00e9"}""", "", "a=\u00c3\u00a9:Text"),
        ("""{"a":"\ud83d\ude00"}""", """{"a":"\ud83d\ude00"}""", "", "a=\u00f0\u009f\u0098\u0080:Text"),
        ("""{"a":"\ud83d!\ude00"}""", """{"a":"\ud83d!\ude00"}""", "", "a=\u00ef\u00bf\u00bd!\u00ef\u00bf\u00bd:Text"),
        ("""{"msg":"two\nlines"}""", "two\nlines", "", ""),
        ("""{"msg":""}""", "", "", ""),
        ("""{"msg":5}""", """{"msg":5}""", "", "msg=5:Number"),
        ("""{"msg":{"a":1}}""", """{"msg":{"a":1}}""", "", "msg.a=1:Number"),
        ("""{"a":1,"a":"2"}""", """{"a":1,"a":"2"}""", "", "a=2:Text"),
        ("""{"msg":"1","msg":"2"}""", "2", "", ""),
        ("""{"a.b":1,"a":{"b":2}}""", """{"a.b":1,"a":{"b":2}}""", "", "a.b=2:Number"),
        ("""{"\u0061b":1}""", """{"\u0061b":1}""", "", "ab=1:Number"),
        ("""{"_line.zone":"x","_raw":"y","_stream":"z","":1,"_time":"no"}""", """{"_line.zone":"x","_raw":"y","_stream":"z","":1,"_time":"no"}""", "", ""),
        ("{\"a\":\"raw\ttab \u00ff\u00fe\"}", "{\"a\":\"raw\ttab \u00ff\u00fe\"}", "", "a=raw\ttab \u00ff\u00fe:Text"),
        ("{\"a\":1}\r", "{\"a\":1}\r", "", "a=1:Number"),
        ("", "!", "", "expected a JSON object, which begins with {"),
        ("plain text", "!", "", "expected a JSON object, which begins with {"),
        ("[1]", "!", "", "expected a JSON object, which begins with {"),
        ("{", "!", "", "expected a name in quotes inside the JSON object"),
        ("{a:1}", "!", "", "expected a name in quotes inside the JSON object"),
        ("{\"a\"", "!", "", "expected a colon after a name in the JSON object"),
        ("{\"a", "!", "", "a name in the JSON object is not closed or holds a wrong escape"),
        ("{\"a\":", "!", "", "expected a value in the JSON object"),
        ("{\"a\":tru}", "!", "", "expected a value in the JSON object"),
        ("{\"a\":1", "!", "", "the JSON object is not closed"),
        ("{\"a\":1,}", "!", "", "expected a name in quotes inside the JSON object"),
        ("{\"a\":1} x", "!", "", "expected the end of the line after the JSON object"),
        ("{\"a\":\"x}", "!", "", "a string in the JSON object is not closed or holds a wrong escape"),
        ("{\"a\":\"\\q\"}", "!", "", "a string in the JSON object is not closed or holds a wrong escape"),
        ("{\"a\":\"\\u12g4\"}", "!", "", "a string in the JSON object is not closed or holds a wrong escape"),
        ("{\"a\":[1,]}", "!", "", "expected a value in the JSON object"),
        ("{\"a\":[1}", "!", "", "expected a comma or the end of an array or object in the JSON"),
        ("{\"a\":+1}", "!", "", "expected a value in the JSON object"),
        ("{\"a\":1.}", "!", "", "expected a value in the JSON object"),
    ];

    [Fact]
    public void Lines_become_the_message_the_time_and_the_fields_of_the_table()
    {
        foreach (var (line, message, time, fields) in Table)
        {
            var parsed = ParsedRecord.Parse(LineParsers.Create("json", false), line);
            var expected = message == "!" ? $"{line} ⇶ ! {fields}" : $"{line} ⇶ {message} | {time} | {fields}";
            var clock = parsed.Time == Timestamps.ToRfc3339(ParsedRecord.ReadTime) ? "" : parsed.Time;
            var actual = parsed.Accepted
                ? $"{line} ⇶ {parsed.Message} | {clock} | {string.Join(" ; ", parsed.Fields.Select(field => $"{field.Key}={field.Value}:{parsed.Kinds[field.Key]}"))}"
                : $"{line} ⇶ ! {parsed.Reason}";
            Assert.Equal(expected, actual);
            Assert.Equal(parsed.Accepted ? line : "", parsed.Raw);
        }
    }

    [Fact]
    public void Nesting_is_read_to_its_limit_and_no_further()
    {
        Assert.True(Nested(JsonTokens.MaxDepth).Accepted);
        Assert.Equal("the JSON is nested deeper than 64 levels", Nested(JsonTokens.MaxDepth + 1).Reason);
        Assert.Equal("the JSON is nested deeper than 64 levels", Parse("{\"a\":" + new string('[', 100_000)).Reason);
    }

    static ParsedRecord Nested(int depth) =>
        Parse(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth));

    [Fact]
    public void Record_may_have_any_number_of_fields()
    {
        var line = "{" + string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\":{i}")) + ",\"k99999\":\"last\"}";
        var parsed = Parse(line);
        Assert.Equal(100_000, parsed.Fields.Count);
        Assert.Equal("999", parsed.Fields["k999"]);
        Assert.Equal("99998", parsed.Fields["k99998"]);
        Assert.Equal("last", parsed.Fields["k99999"]);
        Assert.Equal(line, parsed.Raw);
    }

    [Fact]
    public void Source_that_goes_on_inventing_names_fills_no_more_columns_than_a_batch_has()
    {
        var parser = new JsonLineParser();
        var batch = new RecordBatch(parser.Shape);
        for (var round = 0; round < 3; round++)
        {
            batch.Reset(parser.Shape);
            parser.Bind(batch);
            for (var i = 0; i < 6000; i++)
            {
                Assert.True(parser.TryParse(batch.Append(System.Text.Encoding.UTF8.GetBytes($"{{\"{round}.{i}\":1,\"same\":{i},\"level\":\"x\"}}")), out _));
            }

            Assert.Equal(RecordBatch.MaxColumns, batch.Columns.Count);
            Assert.Equal(6000, batch.Column("same").Spans(6000).ToArray().Count(span => !span.IsAbsent));
            Assert.Equal(6000, batch.Column("level").CountValues());
            Assert.Equal(6000, batch.Columns.Sum(column => column.CountValues()) + batch.Overflow.Length - 12_000);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("_raw")]
    [InlineData("_line.zone")]
    [InlineData("_stream")]
    [InlineData("_overflow")]
    public void Name_that_means_something_else_stays_in_the_line_however_many_there_are(string name)
    {
        var parser = new JsonLineParser();
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        for (var i = 0; i < 5000; i++)
        {
            Assert.True(parser.TryParse(batch.Append(System.Text.Encoding.UTF8.GetBytes($"{{\"n{i}\":1,\"{name}\":{i}}}")), out _));
        }

        var view = new BatchView(batch);
        Assert.DoesNotContain(name, view.FieldNames);
        Assert.Equal(5001, view.FieldNames.Count);
        Assert.Equal(batch.Value(batch.Lines[4999]).ToArray(), view.Column(FieldNames.Raw)!.Value(4999).ToArray());
    }

    [Fact]
    public void Time_is_found_among_any_number_of_names()
    {
        var parser = new JsonLineParser();
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        for (var i = 0; i < 6000; i++)
        {
            Assert.True(parser.TryParse(batch.Append(System.Text.Encoding.UTF8.GetBytes($"{{\"n{i}\":1}}")), out _));
        }

        Assert.True(parser.TryParse(batch.Append("{\"TimeStamp\":1446249499,\"Msg\":\"x\",\"a\\u0062\":{\"c\":2},\"\u00FF\":3}"u8), out _));
        Assert.Equal(1446249499 * Timestamps.Second, batch.Times[^1]);
        Assert.Equal("x"u8.ToArray(), batch.Value(batch.Messages[^1]).ToArray());
        var view = new BatchView(batch);
        Assert.Equal("2"u8.ToArray(), view.Column("ab.c")!.Value(6000).ToArray());
        Assert.Equal("3"u8.ToArray(), view.Column("\u00FF")!.Value(6000).ToArray());
    }

    [Fact]
    public void Long_name_stays_in_the_line()
    {
        var parsed = Parse($"{{\"{new string('n', 2000)}\":{{\"x\":1}},\"b\":2}}");
        Assert.Equal(["b"], parsed.Fields.Keys);
    }

    [Fact]
    public void Rejected_line_leaves_nothing_for_the_next()
    {
        var parser = new JsonLineParser();
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        Assert.False(parser.TryParse(batch.Append("{\"a\":1,\"time\":1446249499,\"msg\":\"x\",\"b\":"u8), out _));
        Assert.True(parser.TryParse(batch.Append("{\"b\":2}"u8), out _));
        Assert.Null(batch.FindColumn("a"));
        Assert.Equal(0, batch.Times[0]);
        Assert.Equal(batch.Lines[0], batch.Messages[0]);
    }

    [Fact]
    public void Replaced_time_is_that_of_reading()
    {
        var parsed = ParsedRecord.Parse(LineParsers.Create("json", true), """{"time":"2026-11-21T14:00:05Z","a":1}""");
        Assert.Equal(Timestamps.ToRfc3339(ParsedRecord.ReadTime), parsed.Time);
        Assert.Equal(["a"], parsed.Fields.Keys);
    }

    [Fact]
    public void Every_leaf_of_the_real_log_comes_back()
    {
        var lines = File.ReadAllLines(SharedData.Require("nginx_status.jsonl"));
        Assert.NotEmpty(lines);
        var parser = new JsonLineParser();
        foreach (var line in lines)
        {
            var parsed = ParsedRecord.Parse(parser, line);
            Assert.True(parsed.Accepted, parsed.Reason);
            var expected = JsonNode.Parse(line)!.AsObject();
            var time = (long)expected["timestamp"]!;
            expected.Remove("timestamp");
            Assert.Equal(Timestamps.ToRfc3339(time * 1_000_000), parsed.Time);
            // Names of this log hold dots themselves, so both sides are compared flat.
            var flat = new SortedDictionary<string, string>(StringComparer.Ordinal);
            Flatten("", expected, flat);
            Assert.Equal(flat, parsed.Fields);
            foreach (var (name, kind) in parsed.Kinds)
            {
                Assert.Equal(JsonNode.Parse(kind == ValueKind.Text ? $"\"{parsed.Fields[name]}\"" : parsed.Fields[name])!.GetValueKind(), Leaf(name, expected)!.GetValueKind());
            }
        }
    }

    static void Flatten(string prefix, JsonObject node, SortedDictionary<string, string> flat)
    {
        foreach (var (name, value) in node)
        {
            if (value is JsonObject { Count: > 0 } nested)
            {
                Flatten($"{prefix}{name}.", nested, flat);
            }
            else
            {
                flat.Add(prefix + name, value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : value?.ToJsonString() ?? "null");
            }
        }
    }

    static JsonNode? Leaf(string path, JsonObject node)
    {
        foreach (var (name, value) in node)
        {
            if (path == name)
            {
                return value;
            }

            if (value is JsonObject nested && path.StartsWith(name + ".", StringComparison.Ordinal) && Leaf(path[(name.Length + 1)..], nested) is { } leaf)
            {
                return leaf;
            }
        }

        return null;
    }

    static ParsedRecord Parse(string line) => ParsedRecord.Parse(LineParsers.Create("json", false), line);
}
