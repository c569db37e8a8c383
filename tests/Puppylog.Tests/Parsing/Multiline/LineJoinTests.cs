using System.Text;
using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;

namespace Puppylog.Tests.Parsing.Multiline;

public sealed class LineJoinTests
{
    /// <summary>Format, and its lines: those that go on with a record are marked by <c>|</c>.</summary>
    public static TheoryData<string, string> Streams => new()
    {
        {
            "text",
            """
             starting
             Exception in thread "main" java.lang.IllegalStateException: outer
            |	at com.example.A.b(A.java:12)
            |	at com.example.A.main(A.java:3)
            |	Suppressed: java.io.IOException: closing
            |		at com.example.C.close(C.java:1)
            |Caused by: java.lang.NullPointerException: inner
            |	at com.example.D.e(D.java:9)
            |	... 12 more
            |... 3 more
             next
            """
        },
        {
            "text",
            """
             Traceback (most recent call last):
            |  File "a.py", line 1, in <module>
            |    f()
            |KeyError: 'x'
            |
            |During handling of the above exception, another exception occurred:
            |
            |Traceback (most recent call last):
            |  File "a.py", line 3, in <module>
            |    g()
            |ValueError: y
             next
            """
        },
        {
            "text",
            """
             Traceback (most recent call last):
            |  File "a.py", line 1
            |ValueError: y
            |
            |The above exception was the direct cause of the following exception:
            |
            |Traceback (most recent call last):
            |  File "b.py", line 1
            |RuntimeError
             Traceback of nothing
            """
        },
        {
            "text",
            """
             Unhandled exception. System.InvalidOperationException: outer
            | ---> System.ArgumentException: inner
            |   at A.B() in /src/A.cs:line 3
            |   --- End of inner exception stack trace ---
            |--- End of stack trace from previous location ---
            |   at C.D()
             next
            """
        },
        {
            "text",
            """
             panic: runtime error: invalid memory address or nil pointer dereference
            |[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48f1a3]
            |
            |goroutine 1 [running]:
            |main.(*T).f(0x0)
            |	/src/main.go:9 +0x1d
            |main.main()
            |	/src/main.go:12 +0x2a
            |created by main.start in goroutine 1
            |	/src/main.go:3 +0x1
            |
            |goroutine 18 [chan receive, 3 minutes]:
            |main.g(...)
            |	/src/main.go:20
            |rax    0x0
            |exit status 2
             listening
            """
        },
        {
            "text",
            """
             Error: boom
            |    at f (/app/a.js:1:2)
            |    at Object.<anonymous> (/app/a.js:9:1) {
            |  code: 'EBOOM',
            |  errno: -2
            |}
             next
             }
            """
        },
        {
            "text",
            """
             one
             two
            |  two's second line
            |	and third
             three
             
             four
            """
        },
        {
            "text",
            """
             before any time
             also before
             2026-11-21 14:00:05 first
            |goes on
            |
            |whatever it is
             [2026-11-21 14:00:06] second
            |	at A.b(A.java:1)
             2026-11-21 14:00:07 third
            """
        },
        {
            "log4j",
            """
             2026-11-21 14:00:05,123 ERROR [main] a.B: failed
            |java.lang.IllegalStateException: x
            |	at a.B.c(B.java:1)
            |Caused by: y
             2026-11-21 14:00:05,124 INFO [main] a.B: next
             2026-11-21 14:00:05,124 another layout
            """
        },
        {
            "dotnet",
            """
             info: Microsoft.Hosting.Lifetime[14]
            |      Now listening on: http://localhost:5000
             fail: My.App[0]
            |      failed
            |      System.Exception: x
            |         at A.B()
             warn: My.App[1] one line
            """
        },
        {
            "python",
            """
             ERROR:root:failed
            |Traceback (most recent call last):
            |  File "a.py", line 1
            |ValueError: x
            |Error: is no record
             INFO:root:next
            """
        },
        {
            "klog",
            """
             F1121 14:00:05.123456       1 main.go:9] exiting
            |goroutine 1 [running]:
            |main.main()
            |	/src/main.go:12
             I1121 14:00:05.123456       1 main.go:9] next
            """
        },
        {
            "json",
            """
             {"msg":"one"}
             {"msg":"two"}
             panic: x
            |
            |goroutine 1 [running]:
            |main.main()
            |	/src/main.go:12
             {"msg":"three"}
               {"msg":"indented is no own record, and joins none that is one"}
            """
        },
        {
            "logfmt",
            """
             level=info msg=one
             panic: x
            |
            |goroutine 1 [running]:
            |main.main()
             level=info msg=two
            """
        },
        {
            "rails",
            """
             E, [2026-11-21T14:00:05.123456 #1] ERROR -- : x (RuntimeError)
            |a.rb:1:in `f'
             I, [2026-11-21T14:00:05.123456 #1]  INFO -- : next
            """
        },
        {
            "postgresql",
            """
             2026-11-21 14:00:05.123 UTC [1] ERROR:  syntax error
            |2026-11-21 14:00:05.123 UTC [1] STATEMENT:  SELECT
            |	* FROM x
             2026-11-21 14:00:05.124 UTC [1] LOG:  next
            """
        },
        {
            "nginx_error",
            """
             2026/11/21 14:00:05 [error] 1#1: *1 FastCGI sent in stderr: "PHP message: x
            |Stack trace:
            |#0 {main}" while reading
             2026/11/21 14:00:05 [error] 1#1: next
            """
        },
        {
            "cri",
            """
             2026-11-21T14:00:05.1Z stdout P one 
            |2026-11-21T14:00:05.1Z stdout P two 
            |2026-11-21T14:00:05.1Z stdout F three
             2026-11-21T14:00:05.1Z stdout F java.lang.IllegalStateException: x
             2026-11-21T14:00:05.1Z stderr F of the other stream
            |2026-11-21T14:00:05.1Z stdout F 	at a.B.c(B.java:1)
            |2026-11-21T14:00:05.1Z stderr F   goes on there
            |2026-11-21T14:00:05.1Z stdout F Caused by: y
             2026-11-21T14:00:05.1Z stdout F {"a":1}
             2026-11-21T14:00:05.1Z stdout F next
             no line of a container
            """
        },
        {
            "docker",
            """
             {"log":"one ","stream":"stdout","time":"2026-11-21T14:00:05.1Z"}
            |{"log":"two\n","stream":"stdout","time":"2026-11-21T14:00:05.1Z"}
             {"log":"java.lang.IllegalStateException: x\n","stream":"stdout","time":"2026-11-21T14:00:05.1Z"}
             {"log":"other\n","stream":"stderr","time":"2026-11-21T14:00:05.1Z"}
            |{"log":"\tat a.B.c(B.java:1)\n","stream":"stdout","time":"2026-11-21T14:00:05.1Z"}
             {"log":"{\"a\":1}\n","stream":"stdout","time":"2026-11-21T14:00:05.1Z"}
            """
        },
        {
            "postgresql",
            """
             2026-11-21 14:00:05.123 UTC [12] LOG:  checkpoint starting: time
             2026-11-21 14:00:05.123 UTC [12] app@shop ERROR:  duplicate key
            |2026-11-21 14:00:05.123 UTC [12] app@shop DETAIL:  Key (id)=(7) already exists.
            |2026-11-21 14:00:05.123 UTC [12] app@shop STATEMENT:  INSERT INTO a
            |	(id) VALUES (7)
            |2026-11-21 14:00:05.123 UTC [12] app@shop HINT:  none
             2026-11-21 14:00:05.123 UTC [13] app@shop HINT:  of another process
             2026-11-21 14:00:05.123 UTC [13] app@shop HINT:  without a message
             2026-11-21 14:00:05.123 UTC [13] app@shop LOG:  DETAIL:  is the message
             2026-11-21 14:00:05 UTC:10.0.0.1(5):app@shop:[14]:ERROR:  x
            |2026-11-21 14:00:05 UTC:10.0.0.1(5):app@shop:[14]:CONTEXT:  y
             2026-11-21 14:00:05 UTC [15]: [3-1] user=app,db=shop ERROR:  x
            |2026-11-21 14:00:05 UTC [15]: [4-1] user=app,db=shop QUERY:  y
            |and further lines
            |2026-11-21 14:00:05 UTC [15]: [5-1] user=app,db=shop LOCATION:  z, z.c:1
             2026-11-21 14:00:05 UTC [15]: [6-1] user=app,db=shop LOG:  y
            """
        },
        {
            "postgresql_csv",
            """
             2026-11-21 14:00:05.123 UTC,,,12,,67.1,1,,2026-11-21 13:59:00 UTC,,0,LOG,00000,"a",,,,,,,,,""
             2026-11-21 14:00:05.123 UTC,"app","shop",12,"[local]",67.1,1,"",2026-11-21 13:59:00 UTC,,0,LOG,00000,"a ""b
            |"" c","
            |d, ""e"",
            |",,,,,,,,""
             2026-11-21 14:00:05.123 UTC,"app","shop",12,"[local]",67.1,1,"",2026-11-21 13:59:00 UTC,,0,LOG,00000,"cut off by a cr
             2026-11-21 14:00:06.123 UTC,"app","shop",12,"[local]",67.1,1,"",2026-11-21 13:59:00 UTC,,0,LOG,00000,"a
            |2026-11-21 14:00:06.123 UTC is in the text
            |",,,,,,,,,""
             2026-11-21 14:00:06.123 UTC,,,12,,67.1,1,,2026-11-21 13:59:00 UTC,,0,LOG,00000,"a",,,,,,,,,""
            """
        },
        { "pattern:{time:timestamp} {_msg}", " 2026-11-21 14:00:05 one\n|two\n 2026-11-21 14:00:05 three" },
        { "pattern:<{level:level}> {_msg}", " <info> one\n|<nothing> two\n <warn> three" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Lines_that_go_on_are_told(string format, string lines)
    {
        foreach (var ending in new[] { "", "\r" })
        {
            var join = LineParsers.Create(format, false).CreateJoin();
            Assert.NotNull(join);
            var actual = new StringBuilder();
            foreach (var line in lines.Split('\n'))
            {
                var bytes = Encoding.UTF8.GetBytes(line[1..] + ending);
                Assert.InRange(join.Channel(bytes), 0, LineJoin.MaxChannels - 1);
                actual.Append(join.Continues(bytes) ? '|' : ' ').Append(line[1..]).Append('\n');
            }

            Assert.Equal(lines + "\n", actual.ToString());
        }
    }

    [Theory]
    [InlineData("combined")]
    [InlineData("clf")]
    [InlineData("syslog")]
    [InlineData("api_requests")]
    [InlineData("pattern:{a} {_msg}")]
    public void Formats_whose_records_are_lines_join_none(string format) => Assert.Null(LineParsers.Create(format, false).CreateJoin());

    [Fact]
    public void Open_quote_and_what_is_said_of_a_message_end_after_the_most_lines()
    {
        foreach (var (format, first, next) in new[] { ("postgresql_csv", "2026-11-21 14:00:05 UTC,,\"", "x"), ("postgresql", "2026-11-21 14:00:05 UTC [1] LOG:  x", "2026-11-21 14:00:05 UTC [1] HINT:  x") })
        {
            var join = LineParsers.Create(format, false).CreateJoin()!;
            Assert.False(join.Continues(Encoding.UTF8.GetBytes(first)));
            for (var i = 1; i < LineJoin.MaxLines; i++)
            {
                Assert.True(join.Continues(Encoding.UTF8.GetBytes(next)));
            }

            Assert.False(join.Continues(Encoding.UTF8.GetBytes(next)));
            Assert.False(join.Continues(Encoding.UTF8.GetBytes(first)));
        }
    }

    [Fact]
    public void Channels_of_a_container_are_its_streams()
    {
        var cri = LineParsers.Create("cri", false).CreateJoin()!;
        Assert.Equal(0, cri.Channel("2026-11-21T14:00:05.1Z stdout F x"u8));
        Assert.Equal(1, cri.Channel("2026-11-21T14:00:05.1Z stderr F x"u8));
        var docker = LineParsers.Create("docker", false).CreateJoin()!;
        Assert.Equal(0, docker.Channel("{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-21T14:00:05.1Z\"}"u8));
        Assert.Equal(1, docker.Channel("{\"log\":\"x\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-21T14:00:05.1Z\"}"u8));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("log4j")]
    [InlineData("json")]
    [InlineData("postgresql")]
    public void Record_that_does_not_end_is_ended(string format)
    {
        var join = LineParsers.Create(format, false).CreateJoin()!;
        join.Continues("2026-11-21 14:00:05,123 ERROR [main] a.B: failed"u8);
        var longest = 0;
        for (int i = 0, length = 1; i < 3 * LineJoin.MaxLines; i++)
        {
            length = join.Continues("\tat a.b"u8) ? length + 1 : 1;
            longest = Math.Max(longest, length);
        }

        Assert.Equal(LineJoin.MaxLines, longest);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("log4j")]
    [InlineData("json")]
    [InlineData("cri")]
    [InlineData("docker")]
    [InlineData("postgresql")]
    [InlineData("postgresql_csv")]
    public void First_line_after_a_reset_begins_a_record(string format)
    {
        var join = LineParsers.Create(format, false).CreateJoin()!;
        string[] lines = ["2026-11-21 14:00:05 x", "2026-11-21 14:00:05 UTC [1] LOG:  x", "2026-11-21 14:00:05 UTC [1] HINT:  x", "2026-11-21 14:00:05 UTC,,,\"", "\tindented", "2026-11-21T14:00:05.1Z stdout P x", "{\"log\":\"x\",\"stream\":\"stdout\",\"time\":\"2026-11-21T14:00:05.1Z\"}", "goroutine 1 [running]:"];
        foreach (var before in lines)
        {
            foreach (var after in lines)
            {
                join.Continues(Encoding.UTF8.GetBytes(before));
                join.Reset();
                Assert.False(join.Continues(Encoding.UTF8.GetBytes(after)));
            }
        }
    }

    [Theory]
    [InlineData("trace", " one\n|\ttwo\n|Caused by: x\n three")]
    [InlineData("indent", " one\n|\ttwo\n Caused by: x\n|  three\n ")]
    [InlineData("time", " 2026-11-21 14:00:05 one\n|two\n Nov 21 14:00:06 three")]
    [InlineData("start:pattern:{time:timestamp} [", " 2026-11-21 14:00:05 [one\n|2026-11-21 14:00:05 two\n 2026-11-21 14:00:05 [three")]
    [InlineData("start:pattern:BEGIN", " one\n|two\n BEGIN three\n|BE")]
    [InlineData("start:^\\d+$", " 1\n|2x\n 3")]
    [InlineData("continue:pattern:>", " one\n|> two\n three\n|>")]
    [InlineData("continue:\\\\$|ü", " one\n|two\\\n three\n|ü")]
    [InlineData("continue:pattern:{a:int}-", " 1-\n|2-x\n x-\n|3-")]
    public void Own_rules_join(string rule, string lines)
    {
        var join = JoinRule.Parse(rule).Create(new TextParser())!;
        for (var round = 0; round < 2; round++)
        {
            var actual = string.Join('\n', lines.Split('\n').Select(line => (join.Continues(Encoding.UTF8.GetBytes(line[1..] + "\r")) ? "|" : " ") + line[1..]));
            Assert.Equal(lines, actual);
            join.Reset();
        }
    }

    [Theory]
    [InlineData("often", "there is no rule 'often' for records of several lines; known are auto, off, trace, indent, time, start:REGEX, start:pattern:PATTERN, continue:REGEX and continue:pattern:PATTERN")]
    [InlineData("start:pattern:", "the pattern '' is wrong at 1: expected a text or a field")]
    [InlineData("start:pattern:{a", "the pattern '{a' is wrong at 1: expected a } behind {; a brace itself is written {{")]
    [InlineData("continue:(", "the regular expression '(' is wrong: Invalid pattern '(' at offset 1. Not enough )'s.")]
    public void Wrong_rules_are_told(string rule, string message) => Assert.Equal(message, Assert.Throws<ArgumentException>(() => JoinRule.Parse(rule)).Message);

    [Fact]
    public void Rule_off_joins_nothing_and_auto_is_the_formats()
    {
        Assert.Null(JoinRule.Off.Create(new TextParser()));
        Assert.IsType<TimeJoin>(JoinRule.Auto.Create(new TextParser()));
        Assert.Equal(JoinRule.Auto, JoinRule.Parse("auto"));
        Assert.Equal(JoinRule.StartingWith("a"), JoinRule.Parse("start:a"));
        Assert.NotEqual(JoinRule.StartingWith("a"), JoinRule.ContinuingWith("a"));
    }

    /// <summary>A join only answers; whoever joins by its answers keeps every line, in order.</summary>
    [Fact]
    public void No_bytes_make_a_join_throw_and_no_line_is_lost()
    {
        var random = new Random(20261122);
        var seeds = Streams.SelectMany(row => row.Data.Item2.Split('\n')).Select(line => Encoding.UTF8.GetBytes(line[1..])).ToArray();
        foreach (var format in LineParsers.Names)
        {
            if (LineParsers.Create(format, false).CreateJoin() is not { } join)
            {
                continue;
            }

            for (var round = 0; round < 3000; round++)
            {
                var line = seeds[random.Next(seeds.Length)].ToArray();
                for (var edits = random.Next(3); edits > 0 && line.Length > 0; edits--)
                {
                    line[random.Next(line.Length)] = (byte)random.Next(256);
                }

                var channel = join.Channel(line);
                Assert.InRange(channel, 0, LineJoin.MaxChannels - 1);
                join.Continues(line.AsSpan(0, random.Next(5) == 0 ? random.Next(line.Length + 1) : line.Length));
            }
        }
    }
}
