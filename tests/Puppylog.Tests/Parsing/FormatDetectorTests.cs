using System.Text;
using Puppylog.Parsing;

namespace Puppylog.Tests.Parsing;

public sealed class FormatDetectorTests
{
    const string Common = "h - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5\n";
    const string Combined = "h - - [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
    const string Json = "{\"a\":1}\n";
    const string Api = "2026-11-21 14:00:05 cust_17 /api/v1/resource2 200 0.734\n";

    [Theory]
    [InlineData("", "text")]
    [InlineData("\n\n\r\n", "text")]
    [InlineData("hello\nworld\n", "text")]
    [InlineData(Common, "clf")]
    [InlineData(Combined, "combined")]
    [InlineData(Json, "json")]
    [InlineData(Api, "api_requests")]
    [InlineData("garbage\n" + Combined, "combined")]
    [InlineData("garbage\n" + Json + Json, "json")]
    [InlineData("\n\n" + Api + Api + "junk\n", "api_requests")]
    [InlineData("one\ntwo\nthree\n" + Json, "text")]
    [InlineData(Common + Combined + Combined + Json, "combined")]
    [InlineData(Combined + "h - - [10/Oct/2000:13:", "combined")]
    [InlineData("{\"a\":1}", "json")]
    [InlineData("2026-11-21 14:00:05 worker 3: done\n2026-11-21 14:00:05 Processing item: x\n", "text")]
    [InlineData("2026-11-21T14:00:05Z Processing item: x\n", "text")]
    [InlineData("2026-11-21T14:00:05Z web-1 app[7]: x\n2026-11-21T14:00:05Z web-1 kernel: x\n", "syslog")]
    [InlineData("2026-11-21T14:00:05Z ERROR failed: x\n", "application")]
    [InlineData("user=1 logged in from=10\na=1\n", "text")]
    [InlineData("Error: boom\nwarning: x\n", "text")]
    [InlineData("2026-11-21 14:00:05,alice,login\n", "text")]
    [InlineData("name: x\n  nested: y\n", "text")]
    [InlineData("# a comment\nkey = value\n", "text")]
    [InlineData("2026-11-21 14:00:05,123 ERROR [main] a.B: x\njava.lang.X: y\n\tat a.b\n\tat a.c\n\tat a.d\nCaused by: z\n\tat a.e\n\t... 3 more\n", "log4j")]
    [InlineData("2026-11-21 14:00:05,123 INFO [main] a.B: x\n2026-11-21 14:00:05 WARN other layout\n2026-11-21 14:00:05,123 INFO [main] a.B: x\n", "log4j")]
    [InlineData("2026-11-21 14:00:05.1 UTC,\"a\",\"b\",1,,67.1,1,\"SELECT\",2026-11-21 13:59:00 UTC,3/1,0,ERROR,42601,\"x\",,,,,,\"SELECT 1\n,2\n,3\n,4\n,5\n\nFROM a\",,,\"psql\"\n2026-11-21 14:00:05.1 UTC,,,1,,67.1,1,,2026-11-21 13:59:00 UTC,,0,LOG,00000,\"y\",,,,,,\"a\nb\nc\nd\",,,\"\"\n", "postgresql_csv")]
    [InlineData("2026-11-21 14:00:05,\"alice\",\"login\"\n2026-11-21 14:00:05,\"bob\",\"login\"\n", "text")]
    public void First_lines_tell_the_format(string sample, string expected) =>
        Assert.Equal(expected, FormatDetector.Detect(Encoding.UTF8.GetBytes(sample)));

    [Theory]
    [InlineData("apache_access.log", "combined")]
    [InlineData("nginx_status.jsonl", "json")]
    [InlineData("systems/linux.log", "syslog")]
    [InlineData("systems/openssh.log", "syslog")]
    [InlineData("systems/android.log", "logcat")]
    [InlineData("systems/apache.log", "apache_error")]
    [InlineData("systems/spark.log", "log4j")]
    [InlineData("systems/zookeeper.log", "log4j")]
    public void Real_logs_are_told(string name, string expected)
    {
        var bytes = File.ReadAllBytes(SharedData.Require(name));
        Assert.Equal(expected, FormatDetector.Detect(bytes.AsSpan(0, Math.Min(bytes.Length, 64 << 10))));
    }
}
