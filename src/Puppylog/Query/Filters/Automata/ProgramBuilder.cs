using System.Text;
using Puppylog.Query.Filters.Text;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Automata;

/// <summary>
/// Builds programs from back to front: each piece is told where to go on. Repetitions are written out; past
/// <see cref="MaxInstructions"/> it gives up.
/// </summary>
sealed class ProgramBuilder
{
    /// <summary>Steps of the longest program; the time for a new state of the automaton is bounded by it.</summary>
    public const int MaxInstructions = 4000;

    /// <summary>Classes of more ranges beyond ASCII than this are decided for ASCII alone.</summary>
    const int MaxWideRanges = 16;

    const int FirstSurrogate = 0xD800;
    const int LastSurrogate = 0xDFFF;
    const int Replacement = 0xFFFD;

    readonly List<Instruction> _steps = [];
    readonly int _match;
    readonly int _undecided;
    int _malformed = -1;
    int _copies;
    bool _isRefused;

    ProgramBuilder()
    {
        _match = Add(InstructionKind.Match);
        _undecided = Add(InstructionKind.Undecided);
    }

    /// <summary>The program of an expression; null where it is too long, or asks for what this engine cannot tell.</summary>
    public static ByteProgram? Build(Expression expression)
    {
        var builder = new ProgramBuilder();
        var body = builder.Compile(expression, builder._match);
        if (builder._isRefused)
        {
            return null;
        }

        if (builder.IsAnchored(body))
        {
            return new([.. builder._steps], body, []);
        }

        // Where a match may begin with a byte that is no UTF-8, the search must go by characters to see where one begins.
        var skip = builder.Add(InstructionKind.Fork, next: body);
        var rest = builder.MayBeginUndecided(body)
            ? builder.Characters(CharacterSet.Of(0, CharacterSet.Last), skip)
            : builder.Range(0, byte.MaxValue, skip);
        builder._steps[skip] = builder._steps[skip] with { Other = rest };
        var prefix = new List<byte>();
        AddPrefix(expression, prefix);
        return builder._isRefused ? null : new([.. builder._steps], skip, [.. prefix]);
    }

    /// <summary>The program that finds what a probe finds; null where upper and lower case beyond ASCII are concerned.</summary>
    public static ByteProgram? Build(TextProbe probe)
    {
        var needle = probe.Needle;
        if (needle.IsEmpty || needle.Length > MaxInstructions / 4 || (probe.IgnoreCase && !Ascii.IsValid(needle)))
        {
            return null;
        }

        var builder = new ProgramBuilder();
        var next = builder._match;
        if (probe.WholeEnd && Words.EndsWithWord(needle))
        {
            next = builder.Add(InstructionKind.NotBeforeWord, next: next);
        }

        for (var i = needle.Length - 1; i >= 0; i--)
        {
            next = probe.IgnoreCase
                ? builder.Characters(CharacterSet.Of(needle[i]).IgnoringCase(), next)
                : builder.Range(needle[i], needle[i], next);
        }

        if (probe.WholeStart && Words.StartsWithWord(needle))
        {
            next = builder.Add(InstructionKind.NotAfterWord, next: next);
        }

        var skip = builder.Add(InstructionKind.Fork, next: next);
        builder._steps[skip] = builder._steps[skip] with { Other = builder.Range(0, byte.MaxValue, skip) };
        return new([.. builder._steps], skip, probe.IgnoreCase ? [] : needle.ToArray());
    }

    /// <summary>The program of one text and no other; null where it is too long.</summary>
    public static ByteProgram? BuildExact(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxInstructions / 4)
        {
            return null;
        }

        var builder = new ProgramBuilder();
        var next = builder.Anchor(AnchorKind.End, builder._match);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            next = builder.Range(text[i], text[i], next);
        }

        return new([.. builder._steps], next, []);
    }

    int Compile(Expression expression, int next)
    {
        if (_steps.Count + ++_copies > MaxInstructions * 2 || _steps.Count > MaxInstructions)
        {
            _isRefused = true;
        }

        if (_isRefused)
        {
            return next;
        }

        switch (expression)
        {
            case Expression.Character character:
                return Characters(character.Set, next);
            case Expression.Sequence sequence:
                for (var i = sequence.Parts.Length - 1; i >= 0; i--)
                {
                    next = Compile(sequence.Parts[i], next);
                }

                return next;
            case Expression.Choice choice:
                var entry = Compile(choice.Options[^1], next);
                for (var i = choice.Options.Length - 2; i >= 0; i--)
                {
                    entry = Add(InstructionKind.Fork, next: Compile(choice.Options[i], next), other: entry);
                }

                return entry;
            case Expression.Repetition repetition:
                return Repeat(repetition, next);
            default:
                return Anchor(((Expression.Anchor)expression).Kind, next);
        }
    }

    int Repeat(Expression.Repetition repetition, int next)
    {
        // The framework's engines do not agree on (?:a+|)+b, nor with the language; what they say of it holds.
        _isRefused |= IsNullable(repetition.Inner);
        var copies = repetition.Least;
        var entry = next;
        if (repetition.Most < 0)
        {
            var fork = Add(InstructionKind.Fork, next: -1, other: next);
            var body = Compile(repetition.Inner, fork);
            _steps[fork] = _steps[fork] with { Next = body };
            entry = copies > 0 ? body : fork;
            copies--;
        }
        else
        {
            for (var i = repetition.Least; i < repetition.Most && !_isRefused; i++)
            {
                entry = Add(InstructionKind.Fork, next: Compile(repetition.Inner, entry), other: next);
            }
        }

        for (; copies > 0 && !_isRefused; copies--)
        {
            entry = Compile(repetition.Inner, entry);
        }

        return entry;
    }

    /// <summary>True where the empty text is one that it says.</summary>
    static bool IsNullable(Expression expression) => expression switch
    {
        Expression.Character => false,
        Expression.Sequence sequence => sequence.Parts.All(IsNullable),
        Expression.Choice choice => choice.Options.Any(IsNullable),
        Expression.Repetition repetition => repetition.Least == 0 || IsNullable(repetition.Inner),
        _ => true,
    };

    int Anchor(AnchorKind kind, int next)
    {
        switch (kind)
        {
            case AnchorKind.Start:
                return Add(InstructionKind.Start, next: next);
            case AnchorKind.End:
                return Add(InstructionKind.End, next: next);
            case AnchorKind.WordBoundary:
                return Add(InstructionKind.WordBoundary, next: next);
            case AnchorKind.NoWordBoundary:
                return Add(InstructionKind.NoWordBoundary, next: next);
            default:
                // Before the last newline more could be asked for: $\n. That is left to the framework.
                _isRefused |= !OnlyMatches(next);
                var end = Add(InstructionKind.End, next: next);
                return Add(InstructionKind.Fork, next: end, other: Range((byte)'\n', (byte)'\n', end));
        }
    }

    bool OnlyMatches(int at) => at >= 0 && _steps[at].Kind switch
    {
        InstructionKind.Match => true,
        InstructionKind.Fork => OnlyBack(at) && OnlyMatches(_steps[at].Next) && OnlyMatches(_steps[at].Other),
        _ => false,
    };

    /// <summary>True where a fork's ways lead to pieces that were built before it; a loop's does not.</summary>
    bool OnlyBack(int at) => _steps[at].Next < at && _steps[at].Other < at;

    /// <summary>Takes one character of the set.</summary>
    int Characters(CharacterSet set, int next)
    {
        var alternatives = new List<int>();
        var wide = 0;
        foreach (var (first, last) in set.Ranges)
        {
            if (first <= 0x7F)
            {
                alternatives.Add(Range((byte)first, (byte)Math.Min(last, 0x7F), next));
            }

            wide += last > 0x7F ? 1 : 0;
        }

        if (set.IsOpen || wide > MaxWideRanges)
        {
            alternatives.Add(Range(0x80, byte.MaxValue, _undecided));
        }
        else if (wide > 0)
        {
            foreach (var (first, last) in set.Ranges)
            {
                AddWide(Math.Max(first, 0x80), Math.Min(last, FirstSurrogate - 1), next, alternatives);
                AddWide(Math.Max(first, LastSurrogate + 1), last, next, alternatives);
            }

            // Beyond U+FFFF the framework sees two surrogates, and U+FFFD where bytes are no UTF-8.
            if (set.Overlaps(FirstSurrogate, LastSurrogate) || set.Contains(Replacement))
            {
                alternatives.Add(Malformed());
            }
        }

        if (alternatives.Count == 0)
        {
            // Nothing is in the set, and this range takes nothing.
            return Range(1, 0, next);
        }

        var entry = alternatives[^1];
        for (var i = alternatives.Count - 2; i >= 0; i--)
        {
            entry = Add(InstructionKind.Fork, next: alternatives[i], other: entry);
        }

        return entry;
    }

    void AddWide(int first, int last, int next, List<int> alternatives) => Utf8Ranges.Split(first, last, sequence =>
    {
        var at = next;
        for (var i = sequence.Length - 1; i >= 0; i--)
        {
            at = Range(sequence[i].First, sequence[i].Last, at);
        }

        alternatives.Add(at);
    });

    /// <summary>Takes note of bytes that are no character up to U+FFFF in UTF-8.</summary>
    int Malformed()
    {
        if (_malformed < 0)
        {
            var last = Any(Not(0x80, 0xBF));
            var lastOfThree = Any(Not(0x80, 0xBF), Range(0x80, 0xBF, last));
            var afterE0 = Any(Not(0xA0, 0xBF), Range(0xA0, 0xBF, last));
            var afterEd = Any(Not(0x80, 0x9F), Range(0x80, 0x9F, last));
            _malformed = Any(
                Range(0x80, 0xC1, _undecided), Range(0xF0, 0xFF, _undecided), Range(0xC2, 0xDF, last), Range(0xE0, 0xE0, afterE0),
                Range(0xE1, 0xEC, lastOfThree), Range(0xED, 0xED, afterEd), Range(0xEE, 0xEF, lastOfThree));
        }

        return _malformed;
    }

    /// <summary>Is undecided after any other byte, and at the end.</summary>
    int Not(byte first, byte last) => Any(
        Range(0, (byte)(first - 1), _undecided), Range((byte)(last + 1), byte.MaxValue, _undecided), Add(InstructionKind.End, next: _undecided));

    int Any(params ReadOnlySpan<int> entries)
    {
        var entry = entries[^1];
        for (var i = entries.Length - 2; i >= 0; i--)
        {
            entry = Add(InstructionKind.Fork, next: entries[i], other: entry);
        }

        return entry;
    }

    /// <summary>True where the first byte of a match can be one that only the framework judges.</summary>
    bool MayBeginUndecided(int body) =>
        First(body, throughStart: true).Exists(step => step.Kind == InstructionKind.Undecided || (step.First >= 0x80 && step.Next == _undecided));

    /// <summary>True where a match can begin at the beginning of the text only.</summary>
    bool IsAnchored(int body) => First(body, throughStart: false).Count == 0;

    /// <summary>The steps that take the first byte of a match, or need none.</summary>
    List<Instruction> First(int body, bool throughStart)
    {
        var first = new List<Instruction>();
        var open = new Stack<int>([body]);
        var seen = new HashSet<int>();
        while (open.TryPop(out var at))
        {
            if (!seen.Add(at))
            {
                continue;
            }

            var step = _steps[at];
            switch (step.Kind)
            {
                case InstructionKind.Undecided or InstructionKind.Match or InstructionKind.Range:
                    first.Add(step);
                    break;
                case InstructionKind.Fork:
                    open.Push(step.Next);
                    open.Push(step.Other);
                    break;
                case InstructionKind.Start when !throughStart:
                    break;
                default:
                    open.Push(step.Next);
                    break;
            }
        }

        return first;
    }

    /// <summary>Adds the bytes that each match begins with; true where they are all of the expression.</summary>
    static bool AddPrefix(Expression expression, List<byte> prefix)
    {
        switch (expression)
        {
            case Expression.Character character when character.Set.Single != Replacement && Rune.TryCreate(character.Set.Single, out var rune):
                Span<byte> bytes = stackalloc byte[4];
                prefix.AddRange(bytes[..rune.EncodeToUtf8(bytes)]);
                return true;
            case Expression.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    if (!AddPrefix(part, prefix))
                    {
                        return false;
                    }
                }

                return true;
            case Expression.Repetition { Least: > 0 } repetition:
                AddPrefix(repetition.Inner, prefix);
                return false;
            case Expression.Anchor { Kind: AnchorKind.WordBoundary or AnchorKind.NoWordBoundary }:
                return true;
            default:
                return false;
        }
    }

    int Range(byte first, byte last, int next) => Add(InstructionKind.Range, first, last, next);

    int Add(InstructionKind kind, byte first = 0, byte last = 0, int next = -1, int other = -1)
    {
        _steps.Add(new(kind, first, last, next, other));
        return _steps.Count - 1;
    }
}
