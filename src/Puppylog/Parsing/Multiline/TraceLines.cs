using System.Buffers;

namespace Puppylog.Parsing.Multiline;

/// <summary>
/// Tells the lines of stack traces and of indented text from lines that begin something: Java (<c>Caused by:</c>,
/// <c>Suppressed:</c>, <c>... 12 more</c>), Python (chained traces too), .NET (<c>--- End of …</c>), Go (panics and
/// goroutines), JavaScript. The state of one channel.
/// </summary>
struct TraceLines
{
    static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);
    static readonly SearchValues<byte> Closing = SearchValues.Create("}]),;"u8);

    TraceState _state;

    /// <summary>True where the line goes on with what the lines before it began.</summary>
    public bool Continues(ReadOnlySpan<byte> line)
    {
        var state = _state;
        _state = Next(state, line, out var continues);
        return continues && state != TraceState.Start;
    }

    static TraceState Next(TraceState state, ReadOnlySpan<byte> line, out bool continues)
    {
        continues = false;
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        if (line.IsEmpty)
        {
            continues = state is TraceState.Go or TraceState.Python or TraceState.PythonEnd or TraceState.PythonChain;
            return continues ? state : TraceState.Record;
        }

        var first = line[0];
        if (first is (byte)' ' or (byte)'\t')
        {
            continues = true;
            return state switch
            {
                TraceState.Go or TraceState.Python => state,
                // An exception's line of several lines, or a trace behind it that is indented as a whole.
                TraceState.PythonEnd => TraceState.PythonEnd,
                _ => TraceState.Indented,
            };
        }

        if (state == TraceState.Go && IsGo(line))
        {
            continues = true;
            return TraceState.Go;
        }

        return first switch
        {
            (byte)'T' when line.StartsWith("Traceback (most recent call last):"u8) => Python(state, out continues),
            (byte)'E' when line.StartsWith("Exception Group Traceback "u8) => Python(state, out continues),
            (byte)'D' or (byte)'T' when state == TraceState.PythonEnd && IsChain(line) => To(TraceState.PythonChain, out continues),
            _ when state == TraceState.Python => To(TraceState.PythonEnd, out continues),
            (byte)'C' when line.StartsWith("Caused by: "u8) => To(state, out continues),
            (byte)'S' when line.StartsWith("Suppressed: "u8) => To(state, out continues),
            (byte)'.' when line.StartsWith("... "u8) && line.EndsWith(" more"u8) => To(state, out continues),
            (byte)'-' when line.StartsWith("--- End of "u8) => To(state, out continues),
            (byte)'}' or (byte)']' or (byte)')' when state == TraceState.Indented && IsClosing(line) => To(state, out continues),
            (byte)'p' when line.StartsWith("panic: "u8) => TraceState.Go,
            (byte)'f' when line.StartsWith("fatal error: "u8) => TraceState.Go,
            (byte)'g' when IsGoroutine(line) => TraceState.Go,
            (byte)'S' when line.StartsWith("SIG"u8) && line.Contains((byte)':') => TraceState.Go,
            _ => TraceState.Record,
        };
    }

    static TraceState Python(TraceState state, out bool continues)
    {
        continues = state == TraceState.PythonChain;
        return TraceState.Python;
    }

    static TraceState To(TraceState state, out bool continues)
    {
        continues = true;
        return state;
    }

    static bool IsChain(ReadOnlySpan<byte> line) =>
        line.StartsWith("During handling of the above exception, "u8)
        || line.StartsWith("The above exception was the direct cause "u8);

    /// <summary><c>}</c>, <c>},</c>, <c>});</c>: the end of a value that was printed over several lines.</summary>
    static bool IsClosing(ReadOnlySpan<byte> line) => line.Length <= 4 && !line.ContainsAnyExcept(Closing);

    static bool IsGoroutine(ReadOnlySpan<byte> line) => line.StartsWith("goroutine "u8) && line.EndsWith("]:"u8);

    /// <summary>Lines of a Go trace that are not indented: functions with their arguments, headings, registers.</summary>
    static bool IsGo(ReadOnlySpan<byte> line) =>
        line[^1] == ')'
        || IsGoroutine(line)
        || line.StartsWith("created by "u8)
        || line.StartsWith("[signal "u8)
        || line.StartsWith("panic: "u8)
        || line.StartsWith("exit status "u8)
        || line.StartsWith("runtime stack:"u8)
        || line.StartsWith("goroutine running on "u8)
        || line.StartsWith("...additional frames elided..."u8)
        || IsRegister(line);

    /// <summary><c>rax    0x0</c>: what Go prints of a signal.</summary>
    static bool IsRegister(ReadOnlySpan<byte> line)
    {
        var value = line.IndexOf(" 0x"u8);
        return value is > 0 and < 10 && !line[(value + 3)..].ContainsAnyExcept(HexDigits);
    }

    public void Reset() => _state = TraceState.Start;
}
