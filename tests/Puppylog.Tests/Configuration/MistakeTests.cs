using Puppylog.Configuration;

namespace Puppylog.Tests.Configuration;

public sealed class MistakeTests
{
    /// <summary>YAML ⇶ how each message about it begins, with line and column.</summary>
    public static TheoryData<string, string[]> Table => new()
    {
        { "", [] },
        { "# nothing\n", [] },
        { "sources: [", ["2:1: no YAML"] },
        { "sources:\n  - path: a\n   name: b\n", ["3:4: no YAML"] },
        { "sources:\n\t- path: /a\n", ["2:1: no YAML: a tab in the indentation; YAML takes spaces"] },
        { "sources:\n  - path: /a\n  name: b\n", ["3:3: no YAML: this line is not indented as those that it belongs to"] },
        { "sources:\n  - path: {a,b}.log\n", ["2:16: no YAML: a setting like 'name: value' was expected here"] },
        { "sources:\n  - path: *.log\n", ["2:11: no YAML: '*.log' stands for nothing before it; a value that begins with '*' stands in quotes"] },
        { "sources:\n  - path: @foo\n", ["2:11: no YAML: a value that begins with '@', '`' or '%' stands in quotes"] },
        { "sources:\n  - path: \"/a\n    format: json\nstore: {}\n", ["2:11: no YAML: the quote that opens here is not closed in its line"] },
        { "sources:\n  - path: '/a\n", ["2:11: no YAML: the quote that opens here is not closed"] },
        { "sources:\n  - path: /a: b\n", ["2:13: no YAML: a second ':' in one line"] },
        { "sources:\n  - path: [/a\nstore: {}\n", ["2:11: no YAML: behind this nothing is understood; a bracket, a brace or a quote may not be closed"] },
        { "sources:\n  - path:/a\n", ["2:5: sources: expected settings as 'name: value', found 'path:/a'; a space belongs behind the colon"] },
        { "a: &c {b: c}\nsources:\n  - path: /a\n    <<: *c\n", ["1:1: unknown setting 'a'", "4:5: '<<' is not taken; what several sources share stands under defaults"] },
        { "processing:\n  - dedupe: {window: 1s}\n  - rate_limit: 10\n  - keep:\n  - cap: {max_fields: many}\n",
            ["2:5: unknown setting 'dedupe'; did you mean 'deduplicate'?", "3:5: unknown setting 'rate_limit'; did you mean 'limit'?", "4:5: keep: nothing is set", "5:23: max_fields: expected a number"] },
        { "server: {token: '${NOTHING}'}\nsources: [{path: '${NOTHING'}]\n", ["1:18: the environment variable NOTHING is not set", "2:19: '${' is not closed"] },
        { "- a\n", ["1:1: expected settings as 'name: value', found a list"] },
        { "a\n", ["1:1: expected settings as 'name: value', found 'a'"] },
        { "sorces: []\n", ["1:1: unknown setting 'sorces'; did you mean 'sources'?"] },
        { "xyzzy: 1\n", ["1:1: unknown setting 'xyzzy'; known here are formats, defaults, sources, notifiers, processing, batches"] },
        { "sources: /a\n", ["1:10: sources: expected a list of mappings, each beginning with '- ', found '/a'"] },
        { "sources:\n  - /a\n", ["2:5: sources: expected settings as 'name: value', found '/a'"] },
        { "sources:\n  - name: x\n", ["2:5: a source without lines: expected one of path, paths, fifo, exec, containers, syslog, stdin"] },
        { "sources:\n  - path: [[a]]\n", ["2:12: path: expected a text or a list of texts, found a list"] },
        { "sources:\n  - path: /a\n    formt: json\n", ["3:5: unknown setting 'formt'; did you mean 'format'?"] },
        { "sources:\n  - path: /a\n    format: jsn\n", ["3:13: format: there is no format 'jsn'; did you mean 'json'?; known are auto, "] },
        { "sources:\n  - path: '/a/[b'\n", ["2:11: the bracket in '[b' is not closed; write \\[ for a bracket that is meant itself"] },
        { "sources:\n  - path: /a\n    exclude: ['/b/{c']\n", ["3:15: the brace in '{c' is not closed"] },
        { "sources:\n  - path: /a\n    invalid: dorp\n", ["3:14: invalid: 'dorp' is none of report, keep, drop; did you mean 'drop'?"] },
        { "sources:\n  - path: /a\n    from: start\n", ["3:11: from: 'start' is none of beginning, end"] },
        { "sources:\n  - path: /a\n    now: maybe\n", ["3:10: now: expected true or false, found 'maybe'"] },
        { "sources:\n  - path: /a\n    max_line: 0\n", ["3:15: max_line: expected a size from 1 to 256MiB, like 64KiB or 1GB, found '0'"] },
        { "sources:\n  - path: /a\n    fields: [a]\n", ["3:13: fields: expected names with values, found a list"] },
        { "sources:\n  - path: /a\n    fields: {_msg: x, a: [1]}\n", ["3:14: fields: '_msg' is not to be set", "3:26: fields.a: expected a text, found a list"] },
        { "sources:\n  - path: /a\n    group: 'a b'\n", ["3:12: group: expected a name of letters"] },
        { "sources:\n  - path: /a\n    multiline: {start: '('}\n", ["3:24: start: "] },
        { "sources:\n  - path: /a\n    multiline: {start: 'a', continue: 'b'}\n", ["3:16: multiline: expected either start"] },
        { "sources:\n  - path: /a\n    multiline: {start: '(?=a)'}\n", ["3:24: start: "] },
        { "sources:\n  - path: /a\n    multiline: never\n", ["3:16: multiline: 'never' is none of auto, off, trace, indent, time, true, false"] },
        { "sources:\n  - {name: x, path: /a}\n  - {name: x, path: /b}\n", ["3:12: name: there is a source 'x' already, in line 2"] },
        { "sources:\n  - {name: x, path: /a}\n  - {name: y, path: /a}\n", ["3:21: '/a' is read by the source 'x' already"] },
        { "sources:\n  - syslog: 'upd://0.0.0.0:514'\n", ["2:13: syslog: expected udp, tcp or tls, found 'upd'"] },
        { "sources:\n  - syslog: '514'\n", ["2:13: syslog: expected an address like udp://0.0.0.0:514"] },
        { "sources:\n  - syslog: ['udp://0.0.0.0:99999', 'tcp://logs.example.org', 'tls://0.0.0.0', 'udp://0.0.0.0?idle=5']\n",
            ["2:14: syslog: 'udp://0.0.0.0:99999': '99999' is not a port", "2:37: syslog: 'tcp://logs.example.org': 'logs.example.org' is not an address", "2:63: syslog: 'tls://0.0.0.0' needs a certificate and its key", "2:80: syslog: 'udp://0.0.0.0?idle=5': there is no setting 'idle=5'"] },
        { "sources:\n  - path: ''\n", ["2:11: path: expected a text or a list of texts, found an empty text"] },
        { "a: 1\na: 2\n", ["1:1: unknown setting 'a'", "2:1: 'a' is set twice, first in line 1"] },
        { "[a]: 1\n", ["1:1: a list as a key; a key is a text"] },
        { "formats: {json: 'pattern:x'}\n", ["1:11: formats: 'json' is a format already; choose another name"] },
        { "formats: {own: 'combine'}\n", ["1:16: formats.own: There is no format 'combine'"] },
        { "batches: {size: 0, wait: 2h, workers: many}\n",
            ["1:17: size: expected a number from 1 to 65536, found '0'", "1:26: wait: expected a duration from 0s to 1m, like 200ms, 30s or 1h30m, found '2h'", "1:39: workers: expected a number from 1 to 64, found 'many'"] },
        { "retention: {age: 30 days, size: 1kB}\n",
            ["1:18: age: expected an age like 30d, 12h, 4w or 1y, or forever, found '30 days'", "1:33: size: expected a size like 50GB or 500MB, at least 16MiB, or unlimited, found '1kB'"] },
        { "processing: {drop: a}\n", ["1:13: processing: expected a list of mappings"] },
        { "processing: [{dorp: a}]\n", ["1:15: unknown setting 'dorp'; did you mean 'drop'?"] },
        { "processing: [{drop: a, keep: b}]\n", ["1:24: keep: there is drop already; begin another one with '- '"] },
        { "processing: [{drop: 'a and ('}]\n", ["1:29: drop: "] },
        { "processing: [{drop: 'a', where: '('}]\n", ["1:35: where: "] },
        { "processing: [{drop: '_time:5m'}]\n", ["1:21: drop: the filter is made once, when collecting begins"] },
        { "processing: [{redact: [email, crad]}]\n", ["1:31: redact: detectors: 'crad' is not known; there are email, card"] },
        { "processing: [{redact: {patterns: ['(']}}]\n", ["1:35: redact: patterns: '(' is no regular expression"] },
        { "processing: [{redact: {detectors: email, key: short}}]\n", ["1:47: redact: key: is shorter than 16 bytes"] },
        { "processing: [{sample: 2}]\n", ["1:23: sample: ratio: takes a number between 0 and 1"] },
        { "processing: [{sample: {ration: 0.1}}]\n", ["1:23: ratio is missing", "1:24: unknown setting 'ration'; did you mean 'ratio'?"] },
        { "processing: [{limit: {rate: 0}}]\n", ["1:29: limit: rate: takes the records"] },
        { "processing: [{cap: {}}]\n", ["1:20: cap: max_fields or max_length is expected, like max_fields: 100"] },
        { "processing: [{add: {_msg: x}}]\n", ["1:20: add: name: '_msg' cannot be changed"] },
        { "sources:\n  - path: /a\n    processing: [{remove: []}]\n", ["3:27: remove: fields: name at least one field"] },
        { "server: {listen: 7447}\n", ["1:18: listen: expected HOST:PORT like 127.0.0.1:7447, found '7447'"] },
        { "server: {token: a, token_file: token}\n", ["1:20: both token and token_file are set; one will do"] },
        { "server: {token_file: /run/nothing}\n", ["1:22: token_file: Could not find file '/run/nothing'."] },
        { "server: {token_file: /run/empty}\n", ["1:22: token_file: /run/empty is empty"] },
        { "agent: {server: 'ftp://x'}\n", ["1:17: server: expected an address like https://logs.example.com:7447, found 'ftp://x'"] },
        { "agent: {server: 'http://x', spool_size: 1}\n", ["1:41: spool_size: expected a size from 16MiB"] },
        { "agent: {server: 'https://me:hunter2@x'}\n", ["1:17: server: an address with a user in it, who is told to nobody; expected one like https://logs.example.com:7447, and token"] },
        { "agent: {id: 'a b', ca: /run/empty, spool: /x}\n", ["1:13: id: expected up to 64 letters, digits, '-' and '_', found 'a b'", "1:24: ca: /run/empty holds no certificate in PEM", "1:36: unknown setting 'spool'; did you mean 'spool_size'?"] },
        {
            "server: {max_queries: 0, query_timeout: 0s, query_memory: lots, max_body: 1GiB, max_bodies: 1}\n",
            [
                "1:23: max_queries: expected a number from 1 to 1024, found '0'",
                "1:41: query_timeout: expected a duration from 1s to 1d, like 200ms, 30s or 1h30m, found '0s'",
                "1:59: query_memory: expected a size from 1MiB to 1TiB, like 64KiB or 1GB, found 'lots'",
                "1:75: max_body: expected a size from 64KiB to 512MiB, like 64KiB or 1GB, found '1GiB'",
                "1:81: unknown setting 'max_bodies'; did you mean 'max_body'?",
            ]
        },
        { "server: {tls_key: k}\n", ["1:10: tls_key: a key without a certificate; tls_cert is missing"] },
        { "groups: [{name: shop, match: 'level:error'}]\n", ["1:30: match: expected a stream selector like {application_name=\"shop\"}, found 'level:error'"] },
        { "groups: [{name: shop, match: '{a=\"b\"'}]\n", ["1:37: match: expected ',', or, or '}', found the end of the query"] },
        { "groups: [{match: '{a=\"b\"}'}]\n", ["1:10: name is missing: the group's name"] },
        { "groups:\n  - {name: a, match: '{a=\"b\"}'}\n  - {name: a, match: '{a=\"c\"}'}\n", ["3:6: there is a group 'a' already, in line 2"] },
        { "metrics: [{id: a, filter: 'status:>='}]\n", ["1:37: filter: expected "] },
        { "metrics: [{id: a, filter: 'a | limit 1'}]\n", ["1:30: filter: expected a filter alone, found a pipe"] },
        { "metrics:\n  - id: a\n    filter: |\n      a and\n      (b\n", ["3:13: filter: character "] },
        { "metrics: [{id: a, stat: mode}]\n", ["1:25: stat: 'mode' is none of count, avg, min, max"] },
        { "metrics: [{id: a, stat: quantile, quantile: 2, property: b}]\n", ["1:35: quantile: expected a number from 0 to 1"] },
        { "metrics: [{id: a, stat: avgg, property: b}]\n", ["1:25: stat: 'avgg' is none of count, avg, min, max, sum, stddev, variance, median, quantile, distinct, p50 to p99.9; did you mean 'avg'?"] },
        { "metrics: [{id: a, filter: '_time:5m'}]\n", ["1:19: filter: a metric's filter must mean the same at any time"] },
        { "metrics: [{id: a, filter: '_group:shop'}]\n", ["1:19: filter: what is in a group can change"] },
        { "metrics: [{id: a b, segments: [a, b, c, d, e], lateness: 2d}]\n", ["1:12: id: a metric's identifier has letters", "1:21: segments: a metric has at most 4 fields", "1:58: lateness: expected a duration from 0s to 1d"] },
        { "metrics: [{id: a, segments: _msg, property: _line.zone}]\n", ["1:19: segments: _msg is (nearly) different", "1:35: property: the property cannot be _line.zone"] },
        { "metrics: [{id: a, prop: b, property: c}]\n", ["1:19: prop is another name of property, and both are set"] },
        { "metrics: [{id: a, period: 1500ms}]\n", ["1:19: period: expected whole seconds"] },
        { "metrics: [{id: a, stat: avg}]\n", ["1:11: property is missing: the field of which the avg is wanted"] },
        { "metrics: [{id: a, stat: quantile, property: b}]\n", ["1:11: quantile is missing: which one, from 0 to 1"] },
        { "metrics: [{id: a, stat: count, quantile: 0.5}]\n", ["1:32: quantile: goes with 'stat: quantile', not with 'count'"] },
        { "metrics: [{id: a, period: 0}]\n", ["1:27: period: expected a duration from 1s to 31d"] },
        { "metrics: [{id: a}, {id: a}]\n", ["1:21: there is a metric 'a' already, in line 1"] },
        { "alerts: [{id: a, metric: b}]\n", ["1:10: an alert without a bound: expected above, below or no_data"] },
        { "alerts: [{id: a, metric: b, above: 10, recover_below: 12}]\n", ["1:40: recover_below: 12 is over the threshold; take 10 or less"] },
        { "alerts: [{id: a b, metric: b, above: 10, below: 3}]\n", ["1:11: id: an alert's id is 1 to 100 letters", "1:42: below: an alert has one threshold, above or below"] },
        { "metrics: [{id: b, period: 10}]\nalerts: [{id: a, metric: b, above: 10, window: 25, per_segment: true}]\n",
            ["2:40: window: the window of 25 s is no multiple of the period of b, 10 s; take 20 or 30", "2:52: per_segment: metric b has no segments"] },
        { "alerts: [{id: a, metric: b, above: 1, statistic: p99}]\n", ["1:50: statistic: 'p99' is none of avg, min, max, sum, last"] },
        { "notifiers: [{name: a, type: webhook}]\n", ["1:13: url: a notifier of type webhook needs url"] },
        { "notifiers: [{name: a, type: slack, url: 'hooks.example.com', path: x}]\n", ["1:36: url: url is http://", "1:62: path: a notifier of type slack takes no path; it takes url, token"] },
        { "notifiers: [{name: a, type: email, host: h, from: me, to: [b@c], security: none, user: u, password: p}]\n",
            ["1:45: from: 'me' is no mail address", "1:91: password: a password is sent with TLS only"] },
        { "alerts: [{id: a, metric: b, above: ten}]\n", ["1:36: above: expected a number, found 'ten'"] },
        { "alerts: [{id: a, metric: b, above: 1, notify: [opps]}]\nnotifiers: [{name: ops, type: console}]\n",
            ["1:48: notify: there is no notifier 'opps'; did you mean 'ops'?; known are ops"] },
        { "notifiers: [{name: a, type: pager}]\n", ["1:29: type: 'pager' is none of console, file, command"] },
        { "store: {data: '${NOTHING}/x'}\n", ["1:16: the environment variable NOTHING is not set; set it, or write ${NOTHING:-default}"] },
        { "store: {data: \"x/${NO THING}\"}\n", ["1:18: 'NO THING' is no name of an environment variable"] },
        { "store: {data: '${LOGS'}\n", ["1:16: '${' is not closed"] },
        { "store: &a {data: *b}\n", ["1:18: no YAML: '*b' stands for nothing before it"] },
        { "store: &a {data: *a}\n", ["1:18: no YAML: '*a' stands for nothing before it"] },
        { "store: {}\n---\nstore: {}\n", ["3:1: a second document; a configuration is one"] },
        { "sources:\n  - path: /a\n    formt: json\n    now: 1\nserver: {listen: x}\nbatchs: {}\n",
            ["3:5: unknown setting 'formt'", "4:10: now: expected true or false", "5:18: listen: expected HOST:PORT", "6:1: unknown setting 'batchs'; did you mean 'batches'?"] },
    };

    [Fact]
    public void What_an_agent_cannot_work_by_is_told_with_its_place()
    {
        const string Yaml = """
            sources: [{path: /a}]
            store: {data: /x}
            retention: {age: 30d}
            server: {listen: '127.0.0.1:7447'}
            groups: [{name: a, match: '{a="b"}'}]
            metrics: [{id: a}]
            batches: {size: 10}
            processing: [{drop: a}]
            """;
        Assert.Empty(Configured.Mistakes(Yaml));
        Assert.Equal(
            [
                "2:1: store is not for an agent: an agent stores nothing itself; its own directory is agent.data",
                "3:1: retention is not for an agent: an agent keeps nothing; the server's configuration says for how long",
                "4:1: server is not for an agent: an agent serves nobody; where it sends to is agent.server",
                "5:1: groups are not for an agent: an agent answers no queries; groups are named at the server",
                "6:1: metrics are not for an agent: metrics are the server's",
            ],
            Configured.Mistakes(Yaml, ConfigurationUse.Agent));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_mistake_is_told_with_its_place(string yaml, string[] expected)
    {
        var mistakes = Configured.Mistakes(yaml);
        Assert.True(
            expected.Length == mistakes.Count && expected.Zip(mistakes).All(pair => pair.Second.StartsWith(pair.First, StringComparison.Ordinal)),
            $"{yaml}\n{string.Join('\n', mistakes)}");
    }
}
