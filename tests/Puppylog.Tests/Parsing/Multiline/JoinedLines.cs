namespace Puppylog.Tests.Parsing.Multiline;

/// <summary>Streams of lines of which some go on with the record before.</summary>
static class JoinedLines
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
}
