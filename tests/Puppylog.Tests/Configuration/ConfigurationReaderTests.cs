using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Alerts.Rules;
using Puppylog.Configuration;
using Puppylog.Configuration.Showing;
using Puppylog.Metrics;
using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
using Puppylog.Processing.Options;
using Puppylog.Sources;

namespace Puppylog.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    const string Full = """
        # everything
        defaults: {fields: {environment_name: prod}, exclude: ['*.old']}
        formats: {own: json}
        sources:
          - name: shop
            paths: [/srv/shop/*.log, "${LOGS}/${PORT}.log"]
            exclude: logs/old/*
            format: own
            invalid: drop
            multiline: {start: '^\d'}
            from: end
            now: yes
            max_line: 64KiB
            fields:
              application_name: shop
            group: shop
            processing: [{redact: {detectors: email, key: very-secret-and-long}}]
          - {fifo: /tmp/f, multiline: off}
          - {exec: "tail -F 'a b' $HOME"}
          - {containers: /var/log/containers}
          - syslog: ['udp://0.0.0.0:514', 'tls://[::]:6514?cert=a&key=b']
          - {stdin: true, fields: {environment_name: test}}
        processing:
          - drop: 'level:debug'
        batches: {size: 100, wait: 1s, workers: 3}
        store: {data: data}
        retention: {age: 30d, size: 50GB}
        server: {listen: '0.0.0.0:${PORT}', token_file: token, tls_cert: cert.pem, tls_key: /run/key.pem, max_queries: 7, query_timeout: 90s, query_memory: 1GB, max_body: 100MiB}
        agent: {server: 'https://logs.example.com', token: 'x${SLACK_TOKEN}', id: a, data: spool, spool_size: 2GiB}
        groups: [{name: shop, match: '{application_name="shop"}'}, {name: all, match: '{}'}]
        metrics:
          - {id: total_traffic}
          - {id: slow, stat: quantile, quantile: 0.99, property: duration, period: 60, segments: [section, method], filter: 'status:>=500', top: 50}
        alerts:
          - {id: totaltraffic, metric: slow, window: 2m, above: 10, recover_below: 8, for: 60, no_data: 5m, severity: critical, labels: {team: web}, per_segment: true, title: High traffic, value_name: hits, notify: ops}
        notifiers:
          - {name: ops, type: slack, url: "https://hooks.example.com/${SLACK_TOKEN}", token: hidden}
          - {name: mail, type: email, host: mail.example.com, from: a@example.com, to: [b@example.com, c@example.com], user: a, password_file: token, ca: ca.pem}
        """;

    [Fact]
    public void Everything_is_read()
    {
        var read = Configured.Read(Full);
        Assert.Equal(["shop", "fifo:/tmp/f", "exec:tail -F 'a b' $HOME", "containers:/var/log/containers", "syslog:udp://0.0.0.0:514", LogSources.StandardInput], read.Sources.Select(source => source.Name));
        var shop = read.Sources[0];
        Assert.Equal(["/srv/shop/*.log", "/srv/logs/7000.log"], shop.Inputs);
        Assert.Equal(["/etc/puppylog/*.old", "/etc/puppylog/logs/old/*"], shop.Exclude);
        Assert.Equal(("json", InvalidLines.Drop, @"^\d", null, true, true, 64 << 10), (shop.Format, shop.Invalid, shop.Join.Starting, shop.Join.Continuing, shop.FromEnd, shop.Now, shop.MaxLine));
        Assert.Equal([new("environment_name", "prod"), new("application_name", "shop")], shop.Fields);
        var options = read.SourceOptions();
        Assert.Equal(["/srv/shop/*.log", "/srv/logs/7000.log"], options.Take(2).Select(option => option.Input));
        Assert.Equal(["drop", "redact"], options[0].Processors.Select(processor => processor.Kind));
        Assert.Same(options[0].Processors, options[1].Processors);
        Assert.Equal(["drop"], options[2].Processors.Select(processor => processor.Kind));
        Assert.Equal([new("environment_name", "prod"), new("application_name", "shop"), new("group", "shop")], options[1].Fields);
        Assert.Equal(JoinRule.Off, read.Sources[1].Join);
        Assert.Equal(["syslog:udp://0.0.0.0:514", "syslog:tls://[::]:6514?cert=/etc/puppylog/a&key=/etc/puppylog/b"], read.Sources[4].Inputs);
        Assert.Equal([new("environment_name", "test")], read.Sources[5].Fields);
        Assert.Equal((100, TimeSpan.FromSeconds(1), 3), (read.Batches.Size, read.Batches.Wait, read.Batches.Workers));
        Assert.Equal("/etc/puppylog/data", read.Store.Data);
        Assert.Equal((TimeSpan.FromDays(30), 50_000_000_000), (read.Retention.Age, read.Retention.Bytes));
        Assert.Equal(("0.0.0.0:7000", "abc-secret"), (read.Server.Listen, read.Server.Token?.Value));
        Assert.Equal(("/etc/puppylog/cert.pem", "/run/key.pem"), (read.Server.Certificate, read.Server.Key));
        Assert.Equal((7, TimeSpan.FromSeconds(90), 1_000_000_000, 100 << 20), (read.Server.MaxQueries, read.Server.QueryTimeout, read.Server.QueryMemory, read.Server.MaxBody));
        Assert.Equal(("xxoxb-123", "a", "/etc/puppylog/spool", 2L << 30), (read.Agent!.Token!.Value, read.Agent.Id, read.Agent.Data, read.Agent.SpoolSize));
        Assert.Equal([new("shop", "{application_name=\"shop\" or group=\"shop\"}"), new("all", "{}")], read.Groups);
        Assert.Equal(("count", null, 60, 60), (read.Metrics[0].Definition!.Statistic.Name, read.Metrics[0].Definition!.Property, read.Metrics[0].Definition!.Period, read.Metrics[0].Definition!.Lateness));
        var slow = read.Metrics[1].Definition!;
        Assert.Equal(("quantile(0.99)", "duration", 60, 50, "status:>=500"), (slow.Statistic.Name, slow.Property, slow.Period, slow.Top, slow.Filter));
        Assert.Equal(["section", "method"], slow.Segments);
        var alert = read.Alerts[0];
        Assert.Equal((10m, 8m, 60, 300, 120, true), (alert.Above, alert.RecoverBelow, alert.For, alert.NoData, alert.Window, alert.PerSegment));
        Assert.Equal((Severity.Critical, "High traffic", "hits", "web"), (alert.Severity, alert.Title, alert.ValueName, alert.Labels["team"]));
        Assert.Equal(["ops"], alert.Notify);
        Assert.Equal([("token", "hidden")], read.Notifiers[0].Secrets.Select(secret => (secret.Key, secret.Value)));
        Assert.Equal(("https://hooks.example.com/xoxb-123", "/etc/puppylog/ca.pem", "abc-secret"), (read.Notifiers[0].Url, read.Notifiers[1].Ca, read.Notifiers[1].Secrets["password"]));
        Assert.Equal(["b@example.com", "c@example.com"], read.Notifiers[1].To);
    }

    [Fact]
    public void Metrics_take_the_names_of_the_command()
    {
        var read = Configured.Read("metrics: [{identifier: a, stat: p99, prop: response_bsize, period: 1m, refresh_rate: 5, segment_expression: 'section,method', lateness: 2m}]\n").Metrics[0].Definition!;
        var other = Configured.Read("metrics: [{id: a, stat: P99, property: response_bsize, period: 60, refresh: 5s, segments: [section, method], lateness: 120}]\n").Metrics[0].Definition!;
        Assert.Equal(new MetricRequest("a", "p99", "response_bsize", 60, 5, ["section", "method"], "*") { Lateness = 120 }.Check(0).ToJson(), (read with { IsConfigured = false }).ToJson());
        Assert.Equal(read.ToJson(), other.ToJson());
        Assert.True(read.IsConfigured);
    }

    [Fact]
    public void Example_of_the_program_has_no_mistakes()
    {
        using var example = typeof(Puppylog.App.Cli.ExitCode).Assembly.GetManifestResourceStream("puppylog.example.yaml")!;
        var text = new StreamReader(example).ReadToEnd();
        Assert.NotEmpty(Configured.Read(text).Sources);
        // Each line that is a setting in a comment, too.
        var all = string.Concat(text.Split('\n').Select(line => System.Text.RegularExpressions.Regex.Replace(line, "^( *)# ( *)(?=[a-z_]+:( |$)|- )", "$1$2") + "\n"));
        all = all.Replace("    multiline: auto                  # as the format has it; off; or by an expression:\n    multiline: {start: '^\\d{4}-'}    # first lines match it\n", "", StringComparison.Ordinal)
            .Replace("token_file: /run/secrets/puppylog", "token: x", StringComparison.Ordinal).Replace("${PUPPYLOG_TOKEN}", "x", StringComparison.Ordinal);
        Assert.Empty(Configured.Mistakes(all));
    }

    [Fact]
    public void Processors_are_read()
    {
        var read = Configured.Read("""
            processing:
              - add: {team: web, x: y}
                overwrite: true
                where: 'level:error'
              - rename: {a: b}
              - remove: [c, d*]
              - keep: 'e:f'
              - sample: 0.1
              - sample: {ratio: 0.2, by: trace_id}
              - deduplicate: {fields: [_msg, level], window: 5s, most: 10}
              - redact: [email, card]
              - redact: {patterns: 'x+', mask: '#'}
              - limit: 100
              - limit: {rate: 10, burst: 20, by: host}
              - cap: {max_fields: 10, max_length: 1KiB}
            """).Processors;
        Assert.Equal(["add", "add", "rename", "remove", "keep", "sample", "sample", "deduplicate", "redact", "redact", "limit", "limit", "cap"], read.Select(options => options.Kind));
        Assert.Equal(new AddOptions("x", "y") { Overwrite = true, Where = "level:error" }, read[1]);
        Assert.Equal(new RenameOptions("a", "b"), read[2]);
        Assert.Equal(["c", "d*"], ((RemoveOptions)read[3]).Names);
        Assert.Equal(new SampleOptions(0.2) { By = "trace_id" }, read[6]);
        Assert.Equal((TimeSpan.FromSeconds(5), 10), (((DeduplicateOptions)read[7]).Window, ((DeduplicateOptions)read[7]).Most));
        Assert.Equal(["email", "card"], ((RedactOptions)read[8]).Detectors);
        Assert.Equal("#", ((RedactOptions)read[9]).Mask);
        Assert.Equal(new RateLimitOptions(10) { Burst = 20, By = "host" }, read[11]);
        Assert.Equal(new CapOptions { MaxFields = 10, MaxLength = 1024 }, read[12]);
    }

    [Fact]
    public void Reading_the_same_again_changes_no_source()
    {
        var (before, after) = (Configured.Read(Full).SourceOptions(), Configured.Read($"# moved\n{Full}").SourceOptions());
        Assert.All(before.Zip(after), pair => Assert.True(pair.First.TreatsLinesAs(pair.Second) && pair.First.FindsAs(pair.Second)));
        var other = Configured.Read(Full.Replace("level:debug", "level:trace", StringComparison.Ordinal)).SourceOptions();
        Assert.All(before.Zip(other), pair => Assert.False(pair.First.TreatsLinesAs(pair.Second)));
    }

    [Fact]
    public void Nothing_set_gives_the_defaults()
    {
        var read = Configured.Read("sources: [{path: /a}]\nserver:\nmetrics: ~\n");
        Assert.Equal(new ServerConfiguration(), read.Server);
        Assert.Equal(new BatchConfiguration(), read.Batches);
        var source = Assert.Single(read.Sources);
        Assert.Equal(("/a", "auto", null, JoinRule.Auto, false), (source.Name, source.Format, source.Invalid, source.Join, source.FromEnd));
        Assert.Null(read.Agent);
        Assert.Null(read.Store.Data);
    }

    [Fact]
    public void What_is_shown_has_no_secrets()
    {
        var shown = YamlText.Write(ConfigurationTree.Of(Configured.Read(Full)));
        foreach (var secret in new[] { "abc-secret", "xoxb-123", "very-secret-and-long", "hidden", "user:pass" })
        {
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        }

        Assert.Contains("url: https://hooks.example.com/********\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("abc-secret", Configured.Read(Full).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_has_everything_with_defaults()
    {
        var shown = YamlText.Write(ConfigurationTree.Of(Configured.Read("sources: [{path: /a, group: g}]\n")));
        Assert.Equal(
            """
            sources:
              - name: /a
                inputs:
                  - /a
                exclude: []
                format: auto
                invalid: as the format has it
                multiline: auto
                from: beginning
                now: false
                max_line: 1MiB
                fields: {}
                group: g
                processing: []
            processing: []
            batches:
              size: 65536
              wait: 200ms
              workers: WORKERS
            store:
              data: null
            retention:
              age: null
              size: null
            server:
              listen: "127.0.0.1:7447"
              token: null
              tls_cert: null
              tls_key: null
              max_queries: QUERIES
              query_timeout: 5m
              query_memory: 256MiB
              max_body: 64MiB
            groups:
              - name: g
                match: "{group=\"g\"}"
            metrics: []
            alerts: []
            notifiers: []

            """.Replace("WORKERS", $"{Puppylog.Pipeline.CollectOptions.DefaultWorkers}", StringComparison.Ordinal).Replace("QUERIES", $"{ServerConfiguration.DefaultMaxQueries}", StringComparison.Ordinal),
            shown);
    }

    [Fact]
    public void Any_text_that_is_shown_reads_back() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            // What no YAML can hold, not even escaped: halves of pairs.
            var value = string.Concat(text.Get.Where(letter => !char.IsSurrogate(letter)));
            var yaml = YamlText.Write(new JsonObject { ["a"] = value, [$"k{value}"] = new JsonArray(value, new JsonObject { ["b"] = value }) });
            var root = Assert.IsType<Puppylog.Configuration.Yaml.MapNode>(Puppylog.Configuration.Yaml.YamlReader.Read(yaml, (place, message) => Assert.Fail($"{place}: {message}\n{yaml}")));
            Assert.Equal(value, Assert.IsType<Puppylog.Configuration.Yaml.TextNode>(root.Find("a")!.Value).Value);
            Assert.Equal(value, Assert.IsType<Puppylog.Configuration.Yaml.TextNode>(Assert.IsType<Puppylog.Configuration.Yaml.ListNode>(root.Find($"k{value}")!.Value).Items[0]).Value);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_text_is_read_or_refused_with_mistakes() =>
        Prop.ForAll(
            Arb.From(Gen.Elements("a", ":", " ", "\n", "-", "- ", "[", "]", "{", "}", ",", "'", "\"", "&a", "*a", "|", ">", "!", "%", "#", "---", "...", "?", "\t", "\\", "\0", "\uFEFF", "é", "<<", "sources", "path", "${A}").ListOf(60)),
            parts => ReadOrRefuse(string.Concat(parts))).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Mutated_configurations_are_read_or_refused_with_mistakes() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, Full.Length - 1).Zip(Gen.Choose(0, 20)).Zip(Gen.Elements("", "\n", ": ", "{", "]", "'", "  ", "&x ", "*x", "\u0001", "- "))), change =>
        {
            var ((at, length), text) = change;
            ReadOrRefuse(string.Concat(Full.AsSpan(0, at), text, Full.AsSpan(Math.Min(Full.Length, at + length))));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("&a [")]
    [InlineData("? ")]
    public void Deep_nesting_is_refused(string opening) =>
        Assert.Contains(Configured.Mistakes(string.Concat(Enumerable.Repeat(opening, 20_000))), mistake => mistake.Contains("no YAML", StringComparison.Ordinal));

    [Fact]
    public void Aliases_of_aliases_cost_no_more_than_the_file()
    {
        var yaml = "notifiers:\n  - name: a\n    type: console\n    a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 40).Select(i => $"    a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n"));
        Assert.InRange(Configured.Mistakes(yaml).Sum(mistake => mistake.Length), 1, 1 << 20);
    }

    static void ReadOrRefuse(string yaml)
    {
        try
        {
            YamlText.Write(ConfigurationTree.Of(Configured.Read(yaml)));
        }
        catch (ConfigurationException wrong)
        {
            Assert.NotEmpty(wrong.Mistakes);
        }
    }
}
