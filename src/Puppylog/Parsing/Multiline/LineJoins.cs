namespace Puppylog.Parsing.Multiline;

/// <summary>Rules by which lines are joined, as configuration names them.</summary>
static class LineJoins
{
    const string Start = "start:";
    const string Continue = "continue:";

    public static string Known => "none, trace, indent, time, start:PATTERN, start:regex:EXPRESSION, continue:PATTERN and continue:regex:EXPRESSION";

    /// <summary>
    /// A new rule for one stream; null for <c>none</c>. <c>trace</c>: stack traces and indented lines go on; <c>indent</c>:
    /// indented ones only; <c>time</c>: a leading time begins a record; <c>start:</c>: what passes begins one; <c>continue:</c>:
    /// what passes goes on.
    /// </summary>
    /// <exception cref="ArgumentException">No such rule, or its pattern or expression is wrong; the message says where.</exception>
    public static LineJoin? Create(string rule) => rule switch
    {
        "none" => null,
        "trace" => new TraceJoin(),
        "indent" => new TestJoin(new LineTest("regex:^[ \t]"), passing: true),
        "time" => new TimeJoin(new()),
        _ when rule.StartsWith(Start, StringComparison.Ordinal) => new TestJoin(new LineTest(rule[Start.Length..]), passing: false),
        _ when rule.StartsWith(Continue, StringComparison.Ordinal) => new TestJoin(new LineTest(rule[Continue.Length..]), passing: true),
        _ => throw new ArgumentException($"there is no rule '{rule}' for records of several lines; known are {Known}"),
    };
}
