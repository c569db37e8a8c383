using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Puppylog.Tests.Intake;

namespace Puppylog.Tests.Api.Ingest;

/// <summary>What is stored of the bodies that shippers send, and what they are answered.</summary>
public sealed partial class IngestApiTests : IAsyncLifetime
{
    IngestServer _server = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await IngestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    static byte[] Request(string name, [CallerFilePath] string here = "") => File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "Requests", name));

    [Theory]
    [InlineData(
        "fluentbit-json_lines.ndjson",
        "/insert/jsonline?_stream_fields=stream&_msg_field=log&_time_field=date",
        200,
        """{"stored":2}""",
        """
        {"_time":"2024-11-18T09:11:00.494926Z","_stream":"{stream=\"stdout\"}","_msg":"GET /health 200","stream":"stdout","_p":"F","kubernetes.pod_name":"web-1","kubernetes.labels.app":"web"}
        {"_time":"2024-11-18T09:11:01.000000001Z","_stream":"{stream=\"stderr\"}","_msg":"connection \"refused\"","stream":"stderr","_p":"F","level":"error"}
        """)]
    [InlineData(
        "fluentbit-json.json",
        "/insert/jsonline?_msg_field=log&ignore_fields=cpu*&extra_fields=dc=eu,rack=r1&_stream_fields=rack,dc",
        200,
        """{"stored":2}""",
        """
        {"_time":"2024-11-18T09:11:00.494926Z","_stream":"{dc=\"eu\",rack=\"r1\"}","_msg":"one","dc":"eu","rack":"r1"}
        {"_time":"2024-11-18T09:11:01Z","_stream":"{dc=\"eu\",rack=\"r1\"}","_msg":"two","dc":"eu","rack":"r1"}
        """)]
    [InlineData(
        "fluentbit-es.ndjson",
        "/insert/elasticsearch/_bulk",
        200,
        """{"took":0,"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}}]}""",
        """
        {"_time":"2024-11-18T09:11:00.494Z","_msg":"one","cpu_p":"1.5"}
        {"_time":"2024-11-18T09:11:01Z","_msg":"two","cpu_p":"2"}
        """)]
    [InlineData(
        "filebeat-bulk.ndjson",
        "/insert/elasticsearch/logs/_bulk?_msg_field=message&_time_field=@timestamp&_stream_fields=host.hostname,log.file.path&ignore_fields=log.offset,event.original",
        200,
        """{"took":0,"errors":false,"items":[{"create":{"status":201}}]}""",
        """{"_time":"2024-11-18T09:11:00.494Z","_stream":"{host.hostname=\"h1\",log.file.path=\"/var/log/auth.log\"}","_msg":"Accepted publickey for root","log.file.path":"/var/log/auth.log","host.hostname":"h1"}""")]
    [InlineData(
        "promtail.json",
        "/loki/api/v1/push",
        204,
        "",
        """
        {"_time":"2019-10-11T18:23:58.000000001Z","_stream":"{filename=\"/var/log/syslog\",job=\"varlogs\"}","_msg":"fizzbuzz","job":"varlogs","filename":"/var/log/syslog"}
        {"_time":"2019-10-11T18:23:58.000000002Z","_stream":"{filename=\"/var/log/syslog\",job=\"varlogs\"}","_msg":"inner","job":"varlogs","filename":"/var/log/syslog","level":"warn","trace_id":"0242ac120002","user_id":"superUser123"}
        """)]
    [InlineData(
        "promtail.json",
        "/insert/loki/api/v1/push?_stream_fields=job&disable_message_parsing=1",
        204,
        "",
        """
        {"_time":"2019-10-11T18:23:58.000000001Z","_stream":"{job=\"varlogs\"}","_msg":"fizzbuzz","job":"varlogs","filename":"/var/log/syslog"}
        {"_time":"2019-10-11T18:23:58.000000002Z","_stream":"{job=\"varlogs\"}","_msg":"{\"msg\":\"inner\",\"level\":\"WARN\",\"job\":\"other\"}","job":"varlogs","filename":"/var/log/syslog","trace_id":"0242ac120002","user_id":"superUser123"}
        """)]
    [InlineData("otel-logs.json", "/v1/logs", 200, "{}", OtelRecord)]
    [InlineData("otel-logs.json", "/insert/opentelemetry/v1/logs", 200, "{}", OtelRecord)]
    public async Task Request_of_a_shipper_is_stored_so(string request, string path, int status, string answer, string records)
    {
        var got = await _server.PostAsync(path, Request(request));
        Assert.Equal((status, answer), ((int)got.Status, Took().Replace(got.Answer, "\"took\":0")));
        Assert.Equal(Lines(records), Lines(await RecordsAsync()));
    }

    const string OtelRecord = """{"_time":"2018-12-13T14:51:00.300Z","_stream":"{service.name=\"my.service\"}","_msg":"Example log record","service.name":"my.service","application_name":"my.service","scope.name":"my.library","scope.version":"1.0.0","scope.attributes.my.scope.attribute":"some scope attribute","trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","string.attribute":"some string","boolean.attribute":"true","int.attribute":"10","double.attribute":"637.704","array.attribute":"[\"many\",\"values\"]","map.attribute.some.map.key":"some value","level":"info","level_text":"Information"}""";

    [Theory]
    [InlineData("application/x-protobuf")]
    [InlineData(null)]
    [InlineData("application/octet-stream")]
    public async Task Protobuf_of_OpenTelemetry_means_what_its_JSON_means(string? type)
    {
        var got = await _server.PostAsync("/v1/logs", ProtoBytes.ExampleLogs(), type);
        Assert.Equal((HttpStatusCode.OK, type == "application/x-protobuf" ? "" : "{}"), got);
        Assert.Equal(Sorted(OtelRecord), Sorted(await RecordsAsync()));
    }

    /// <summary>Exporters before 2022 have scopes in field 1000; one that knows no time of a record has when it saw it.</summary>
    [Fact]
    public async Task Old_and_poor_records_of_OpenTelemetry_are_stored()
    {
        var record = ProtoBytes.Message(2, ProtoBytes.Fixed64(11, 1544712660300000000), ProtoBytes.Message(5, ProtoBytes.Text(1, "old")), ProtoBytes.Number(7, 3), ProtoBytes.Bytes(9, new byte[16]));
        Assert.Equal((HttpStatusCode.OK, ""), await _server.PostAsync("/v1/logs", ProtoBytes.Message(1, ProtoBytes.Message(1000, record)), "application/x-protobuf"));
        Assert.Equal("""{"_time":"2018-12-13T14:51:00.300Z","_msg":"old","dropped_attributes_count":"3"}""", await RecordsAsync());
    }

    [Theory]
    [InlineData("/loki/api/v1/push", """{"streams":[{"stream":{"a":"b"},"values":[["0","x"]]}]}""")]
    [InlineData("/v1/logs", """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}""")]
    [InlineData("/insert/jsonline", """{"_msg":"x"}""")]
    [InlineData("/insert/raw", "x")]
    [InlineData("/insert/elasticsearch/_bulk", "{\"create\":{}}\n{\"message\":\"x\"}")]
    public async Task Record_without_a_time_has_that_of_its_arrival(string path, string body)
    {
        await _server.PostAsync(path, body);
        Assert.Equal(1, await _server.CountAsync("_time:1h x"));
    }

    [Theory]
    [InlineData("application/x-protobuf")]
    [InlineData(null)]
    public async Task Protobuf_of_Loki_is_stored(string? type)
    {
        var body = ProtoBytes.Snappy(ProtoBytes.Push("{app=\"web\", host=\"h 1\"}", (1_700_000_000_123_456_789, "one"), (1_700_000_000_123_456_790, "two")));
        Assert.Equal((HttpStatusCode.NoContent, ""), await _server.PostAsync("/loki/api/v1/push", body, type));
        Assert.Equal(
            Lines("""
            {"_time":"2023-11-14T22:13:20.123456789Z","_stream":"{app=\"web\",host=\"h 1\"}","_msg":"one","app":"web","host":"h 1","trace_id":"0242ac120002"}
            {"_time":"2023-11-14T22:13:20.123456790Z","_stream":"{app=\"web\",host=\"h 1\"}","_msg":"two","app":"web","host":"h 1","trace_id":"0242ac120002"}
            """),
            Lines(await RecordsAsync()));
    }

    [Fact]
    public async Task Lines_come_back_byte_for_byte()
    {
        const string Lines = "{ \"_time\":\"2024-01-01T00:00:00Z\",  \"a\":\"\\u00e9\" }\r\n{\"_time\":\"2024-01-01T00:00:01Z\",\"_msg\":\"x\"}";
        await _server.PostAsync("/insert/jsonline", Lines);
        Assert.Equal(Lines + "\n", await _server.GetAsync("/select/logsql/query?query=*&format=raw"));
    }

    [Theory]
    [InlineData("combined", 2, 1)]
    [InlineData("auto", 2, 1)]
    [InlineData("text", 3, 0)]
    [InlineData("pattern:{_msg}", 3, 0)]
    public async Task Raw_lines_are_read_by_their_format(string format, int stored, int invalid)
    {
        const string Body = """
            127.0.0.1 - - [10/Oct/2024:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326 "-" "x"
            127.0.0.1 - - [10/Oct/2024:13:55:37 -0700] "GET /b HTTP/1.0" 200 2326 "-" "x"
            broken
            """;
        var (status, answer) = await _server.PostAsync($"/insert/raw?format={Uri.EscapeDataString(format)}&extra_fields=app=web&_stream_fields=app", Body);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(invalid == 0 ? $$"""{"stored":{{stored}}}""" : $$"""{"stored":{{stored}},"invalid":1,"errors":[{"index":2,"reason":"expected a host and a space at the beginning"}]}""", answer);
        Assert.Equal(stored, await _server.CountAsync("{app=web}"));
        Assert.Equal(invalid == 0 ? 0 : 1, await _server.CountAsync("section:/b"));
    }

    [Fact]
    public async Task Trace_is_one_record_with_its_message()
    {
        await _server.PostAsync("/insert/raw", "2024-01-01 10:00:00 ERROR failed\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\n2024-01-01 10:00:01 INFO on\n");
        Assert.Equal(2, await _server.CountAsync());
    }

    [Theory]
    [InlineData("/insert/jsonline", "{\"a\":1}\nno\n{\"b\":2", 200, """{"stored":1,"invalid":2,"errors":[{"index":1,"reason":"expected a JSON object, which begins with {"},{"index":2,"reason":"the JSON object is not closed"}]}""", 1)]
    [InlineData("/insert/jsonline", "no", 400, """{"stored":0,"invalid":1,"errors":[{"index":0,"reason":"expected a JSON object, which begins with {"}],"error":"entry 0: expected a JSON object, which begins with {"}""", 0)]
    [InlineData("/insert/jsonline", "", 200, """{"stored":0}""", 0)]
    [InlineData("/insert/jsonline", "[{\"a\":1},2,{\"b\":1}]", 200, """{"stored":2,"invalid":1,"errors":[{"index":1,"reason":"expected a JSON object, which begins with {"}]}""", 2)]
    [InlineData("/insert/jsonline", "[{\"a\":1},", 400, """{"error":"entry 1 of the array: expected a value in the JSON object; nothing of the body is stored"}""", 0)]
    [InlineData("/insert/jsonline?debug=1", "{}", 400, """{"error":"debug is not supported: nothing would be stored; send it without, and look with /select/logsql/query"}""", 0)]
    [InlineData("/insert/jsonline?extra_fields=x", "{}", 400, """{"error":"extra_fields takes name=value,name=value; not 'x'"}""", 0)]
    [InlineData("/insert/jsonline?ignore_fields=_time", "{}", 400, "ignore_fields or extra_fields cannot be taken", 0)]
    [InlineData("/insert/raw?format=nonsense", "x", 400, "There is no format 'nonsense'", 0)]
    [InlineData("/loki/api/v1/push", """{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000","ok"],["x","bad"],["1700000000000000000",7],"worse"]}]}""", 400, """{"stored":1,"invalid":3,"errors":[{"index":1,"reason":"the time is no number of nanoseconds since 1970"},{"index":2,"reason":"the line is no string"},{"index":3,"reason":"expected an array of a time and a line"}],"error":"entry 1: the time is no number of nanoseconds since 1970"}""", 1)]
    [InlineData("/loki/api/v1/push", "{\"streams\":5}", 400, "expected an array of streams", 0)]
    [InlineData("/loki/api/v1/push", "{\"streams\":[{\"values\":[[\"1\",\"a\"]]", 400, "the body is no JSON", 0)]
    [InlineData("/loki/api/v1/push", "abc", 400, "snappy block", 0)]
    [InlineData("/v1/logs", """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"18446744073709551615"},{"body":{"stringValue":"ok"}}]}]}]}""", 200, """{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"record 0: the time is out of range: up to 2262"}}""", 1)]
    [InlineData("/v1/logs", """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"yesterday"}]}]}]}""", 400, "expected a whole number at byte", 0)]
    [InlineData("/v1/logs", "hello", 400, "no protobuf message", 0)]
    [InlineData("/insert/elasticsearch/_bulk", "{\"create\":{}}\n{\"message\":\"ok\"}\n{\"delete\":{\"_id\":\"1\"}}\n{\"update\":{}}\n{\"doc\":{}}\n{\"index\":{}}\nno\n", 200, """{"took":0,"errors":true,"items":[{"create":{"status":201}},{"delete":{"status":400,"error":{"type":"document_parsing_exception","reason":"logs are not deleted one by one"}}},{"update":{"status":400,"error":{"type":"document_parsing_exception","reason":"logs are not changed"}}},{"index":{"status":400,"error":{"type":"document_parsing_exception","reason":"expected a JSON object, which begins with {"}}}]}""", 1)]
    [InlineData("/insert/elasticsearch/_bulk", "{\"message\":\"no action\"}\n", 400, "expected a line like {\\\"create\\\":{}}", 0)]
    [InlineData("/insert/elasticsearch/_bulk", "{\"create\":{}}", 400, "expected a document", 0)]
    public async Task Bad_entries_are_named_and_the_good_ones_stored(string path, string body, int status, string answer, int stored)
    {
        var got = await _server.PostAsync(path, body);
        var text = Took().Replace(got.Answer, "\"took\":0").Replace("\\u0022", "\\\"", StringComparison.Ordinal);
        Assert.Equal(status, (int)got.Status);
        if (answer.StartsWith('{'))
        {
            Assert.Equal(answer, text);
        }
        else
        {
            Assert.Contains(answer, text, StringComparison.Ordinal);
        }

        Assert.Equal(stored, await _server.CountAsync());
    }

    [Theory]
    [InlineData("/insert/jsonline", """{"_msg":"kept"}""")]
    [InlineData("/insert/raw", "kept")]
    [InlineData("/insert/loki/api/v1/push", """{"streams":[{"stream":{},"values":[["1700000000000000000","kept"]]}]}""")]
    [InlineData("/insert/opentelemetry/v1/logs", """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"kept"}}]}]}]}""")]
    [InlineData("/insert/elasticsearch/_bulk", "{\"index\":{}}\n{\"message\":\"kept\"}")]
    public async Task Whatever_the_type_says_the_body_is_kept(string path, string body)
    {
        string?[] types = [null, "", "application/x-www-form-urlencoded", "text/plain; charset=utf-8", "application/json", "multipart/form-data; boundary=x", "nonsense", "application/octet-stream"];
        foreach (var type in types)
        {
            var (status, answer) = await _server.PostAsync(path, body, type);
            Assert.True((int)status is 200 or 204, $"{type}: {status} {answer}");
        }

        Assert.Equal(types.Length, await _server.CountAsync("_msg:=kept"));
    }

    [Theory]
    [InlineData("GET", "/insert/elasticsearch", "\"number\":\"8.")]
    [InlineData("GET", "/insert/elasticsearch/", "\"number\":\"8.")]
    [InlineData("HEAD", "/insert/elasticsearch/", "")]
    [InlineData("GET", "/insert/elasticsearch/_license", "\"status\":\"active\"")]
    [InlineData("GET", "/insert/elasticsearch/_xpack", "\"features\"")]
    [InlineData("GET", "/insert/elasticsearch/_cluster/health", "\"green\"")]
    [InlineData("HEAD", "/insert/elasticsearch/_index_template/logs", "")]
    [InlineData("PUT", "/insert/elasticsearch/_index_template/logs", "\"acknowledged\":true")]
    [InlineData("GET", "/insert/elasticsearch/_ilm/policy/filebeat", "{}")]
    [InlineData("GET", "/insert/elasticsearch/_nodes/http", "{}")]
    [InlineData("PUT", "/insert/elasticsearch/_ingest/pipeline/x", "\"acknowledged\":true")]
    public async Task What_shippers_ask_first_is_answered(string method, string path, string expected)
    {
        var (status, answer) = await _server.SendAsync(new HttpMethod(method), path);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
    }

    async Task<string> RecordsAsync() => StreamId().Replace(await _server.QueryAsync("* | sort by (_time)"), "");

    static string[] Lines(string text) => text.Replace("\r", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fields of a record, whatever their order.</summary>
    static string Sorted(string record) => string.Join(',', record.Trim('{', '}').Split(",\"").Order(StringComparer.Ordinal).Select(field => field.Trim('"')).Order(StringComparer.Ordinal));

    [GeneratedRegex("\"_stream_id\":\"[0-9a-f]*\",")]
    private static partial Regex StreamId();

    [GeneratedRegex("\"took\":[0-9]+")]
    private static partial Regex Took();
}
