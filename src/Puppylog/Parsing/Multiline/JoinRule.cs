namespace Puppylog.Parsing.Multiline;

/// <summary>How the lines of a source are joined to records, as people write it.</summary>
sealed record JoinRule
{
    const string Start = "start:";
    const string Continue = "continue:";

    readonly string _text;

    JoinRule(string text) => _text = text;

    /// <summary>As the format has it.</summary>
    public static JoinRule Auto { get; } = new("auto");

    /// <summary>Each line is a record.</summary>
    public static JoinRule Off { get; } = new("off");

    /// <summary>The rules that have no text of their own.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", "off", "trace", "indent", "time"];

    /// <summary>What begins records, as <see cref="Parse"/> takes it; null where the rule is another one.</summary>
    public string? Starting => After(Start);

    /// <summary>What goes on with them, as <see cref="Parse"/> takes it; null where the rule is another one.</summary>
    public string? Continuing => After(Continue);

    /// <summary>
    /// <c>auto</c>, <c>off</c>; <c>trace</c>: stack traces and indented lines go on; <c>indent</c>: indented ones only;
    /// <c>time</c>: a leading time begins a record; <c>start:</c>: what matches begins one; <c>continue:</c>: what matches goes
    /// on. Behind the last two stands what <see cref="LineTest"/> takes.
    /// </summary>
    /// <exception cref="ArgumentException">No such rule, or its pattern or expression is wrong; the message says where.</exception>
    public static JoinRule Parse(string text)
    {
        var rule = new JoinRule(text);
        if ((rule.Starting ?? rule.Continuing) is { } test)
        {
            _ = new LineTest(test);
        }
        else if (!Names.Contains(text))
        {
            throw new ArgumentException($"there is no rule '{text}' for records of several lines; known are {string.Join(", ", Names)}, {Start}REGEX, {Start}pattern:PATTERN, {Continue}REGEX and {Continue}pattern:PATTERN");
        }

        return rule;
    }

    /// <inheritdoc cref="Parse"/>
    public static JoinRule StartingWith(string test) => Parse(Start + test);

    /// <inheritdoc cref="Parse"/>
    public static JoinRule ContinuingWith(string test) => Parse(Continue + test);

    /// <summary>A new join for one stream of a format; null where each line is a record.</summary>
    public LineJoin? Create(LineParser parser) => _text switch
    {
        "auto" => parser.CreateJoin(),
        "off" => null,
        "trace" => new TraceJoin(),
        "indent" => new TestJoin(new LineTest("^[ \t]"), passing: true),
        "time" => new TimeJoin(new()),
        _ => new TestJoin(new LineTest(Starting ?? Continuing!), passing: Continuing is not null),
    };

    /// <summary>As <see cref="Parse"/> takes it.</summary>
    public override string ToString() => _text;

    string? After(string prefix) => _text.StartsWith(prefix, StringComparison.Ordinal) ? _text[prefix.Length..] : null;
}
