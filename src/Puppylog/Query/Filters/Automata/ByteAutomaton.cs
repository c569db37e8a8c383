using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Puppylog.Query.Filters.Text;

namespace Puppylog.Query.Filters.Automata;

/// <summary>
/// A deterministic automaton that is made from a <see cref="ByteProgram"/> while it runs: a state is the set of places where
/// the program may be, and is made when a text first leads to it. Time is linear in the text; states are bounded, and past
/// the bound the answer is <see cref="Undecided"/>. Thread-safe.
/// </summary>
/// <remarks>Russ Cox, "Regular Expression Matching in the Wild" (2010), on RE2.</remarks>
sealed class ByteAutomaton
{
    /// <summary>A match has been found, whatever follows.</summary>
    public const int Accepted = 1;

    /// <summary>There will be no match, whatever follows.</summary>
    public const int Rejected = 2;

    /// <summary>Only another way of matching the whole text can tell.</summary>
    public const int Undecided = 3;

    /// <summary>From here on states go on.</summary>
    public const int FirstOpen = 4;

    const int Unknown = 0;

    /// <summary>Bytes in a row that leave the state as it is, after which it pays to look for one that does not.</summary>
    const int LongStay = 8;

    /// <summary>Stands for a state with too many exits to look for them.</summary>
    static readonly SearchValues<byte> NoExits = SearchValues.Create(""u8);

    /// <summary>States that a value may lead to before they are no longer looked at one by one.</summary>
    const int MostReached = 40;

    readonly Lock _growing = new();
    readonly StateTable _states;
    readonly byte[] _classes;
    readonly byte[] _representatives;
    readonly byte[] _prefix;
    readonly int _stride;
    readonly int _searching;
    readonly int _lastSearching;
    int[] _next;

    /// <summary>By state, where it was asked for: the bytes that lead out of it, or an empty set where they are too many.</summary>
    SearchValues<byte>?[] _exits = new SearchValues<byte>?[8];

    public ByteAutomaton(ByteProgram program)
    {
        (_classes, _representatives) = ByteClasses.Of(program);
        _stride = Math.Max(FirstOpen, _representatives.Length + 1);
        _next = new int[_stride * 8];
        _states = new StateTable(program);
        _prefix = program.Prefix;

        // States in which no match has begun come first, so that one comparison finds them.
        Start = Number(_states.Start());
        _searching = Start;
        foreach (var context in program.AsksForWords ? [Context.Other, Context.Word, Context.Wide] : (ReadOnlySpan<Context>)[Context.Other])
        {
            _searching = Math.Max(_searching, Number(_states.Search(context)));
        }

        _lastSearching = _prefix.Length == 0 || Start < FirstOpen ? Undecided : _searching;
    }

    public static ByteAutomaton? Of(TextProbe probe) => ProgramBuilder.Build(probe) is { } program ? new(program) : null;

    /// <summary>The automaton of a regular expression that the framework accepts; null where only the framework can run it.</summary>
    public static ByteAutomaton? Of(string pattern) =>
        ExpressionParser.Parse(pattern) is { } expression && ProgramBuilder.Build(expression) is { } program ? new(program) : null;

    /// <summary>The state before the first byte.</summary>
    public int Start { get; }

    /// <summary>A state in which no match has begun.</summary>
    public int Searching => _searching;

    /// <summary>States made so far.</summary>
    public int StateCount => _states.Count;

    /// <summary>Bytes that every match begins with; empty where none are known.</summary>
    public ReadOnlySpan<byte> Prefix => _prefix;

    /// <summary>True where no match has begun: only bytes with the prefix lead on from here.</summary>
    public bool IsSearching(int state) => state >= FirstOpen && state <= _lastSearching;

    /// <summary>The state after some more bytes of the text.</summary>
    public int Run(int state, ReadOnlySpan<byte> bytes)
    {
        while (state >= FirstOpen && !bytes.IsEmpty)
        {
            if (state > _lastSearching)
            {
                state = Walk(state, ref bytes);
                continue;
            }

            var found = bytes.IndexOf(_prefix);
            if (found < 0)
            {
                // What has begun at the end began in the last bytes; one more says what stands before it.
                var tail = bytes.Length > _prefix.Length ? bytes[^_prefix.Length..] : bytes;
                return Plain(tail.Length < bytes.Length ? _searching : state, tail);
            }

            if (found > 0)
            {
                state = Step(_searching, bytes[found - 1]);
            }

            state = Plain(state, bytes.Slice(found, _prefix.Length));
            bytes = bytes[(found + _prefix.Length)..];
        }

        return state;
    }

    /// <summary>True where the text comes to a place at which no match is under way.</summary>
    public bool FallsBack(int state, ReadOnlySpan<byte> text) => IsSearching(Walk(state, ref text));

    /// <summary>The answer at the end of the text: <see cref="Accepted"/>, <see cref="Rejected"/> or <see cref="Undecided"/>.</summary>
    public int Finish(int state)
    {
        if (state < FirstOpen)
        {
            return state;
        }

        var known = _next[state + _representatives.Length];
        return known != Unknown ? known : Make(state, _representatives.Length);
    }

    /// <summary>The answer for a whole text.</summary>
    public int Match(ReadOnlySpan<byte> text) => Finish(Run(Start, text));

    public int Step(int state, byte value)
    {
        if (state < FirstOpen)
        {
            return state;
        }

        var symbol = _classes[value];
        var next = _next[state + symbol];
        return next != Unknown ? next : Make(state, symbol);
    }

    /// <summary>
    /// For a state in which no match has begun: where all values without the prefix lead with the bytes that follow them.
    /// False where that is not one state.
    /// </summary>
    /// <param name="state">The state before the value.</param>
    /// <param name="following">What stands behind each value.</param>
    /// <param name="next">The one state.</param>
    /// <param name="ends">Set to true for the bytes at whose sight as the last of a value this does not hold.</param>
    public bool TryPass(int state, ReadOnlySpan<byte> following, out int next, Span<bool> ends)
    {
        ends.Clear();
        next = Run(state, following);
        if (!IsSearching(state))
        {
            return false;
        }

        for (var other = Start; other <= _searching; other += _stride)
        {
            if (Run(other, following) != next)
            {
                return false;
            }
        }

        for (var other = Start; other <= _searching; other += _stride)
        {
            var begun = other;
            foreach (var value in _prefix.AsSpan(0, _prefix.Length - 1))
            {
                begun = Step(begun, value);
                ends[value] |= Run(begun, following) != next;
            }
        }

        return true;
    }

    /// <summary>
    /// Where all values lead that are made of some bytes only, with the bytes that follow them; false where that is not one
    /// state.
    /// </summary>
    /// <param name="state">The state before the value.</param>
    /// <param name="alphabet">The bytes that a value can have, in any order and number.</param>
    /// <param name="following">What stands behind each value.</param>
    /// <param name="next">The one state.</param>
    public bool TryPassAny(int state, ReadOnlySpan<byte> alphabet, ReadOnlySpan<byte> following, out int next) =>
        TryPassAny(state, alphabet, alphabet, following, out next) && Run(state, following) == next;

    /// <summary>The same for values that are not empty, and of which it is known what bytes they may end with.</summary>
    /// <param name="state">The state before the value.</param>
    /// <param name="alphabet">The bytes that a value can have, in any order and number.</param>
    /// <param name="last">The ones among them that can be the last.</param>
    /// <param name="following">What stands behind each value.</param>
    /// <param name="next">The one state.</param>
    public bool TryPassAny(int state, ReadOnlySpan<byte> alphabet, ReadOnlySpan<byte> last, ReadOnlySpan<byte> following, out int next)
    {
        var (reached, ends) = (new List<int> { state }, new List<int>());
        next = Unknown;
        for (var i = 0; i < reached.Count; i++)
        {
            foreach (var value in alphabet)
            {
                var after = Step(reached[i], value);
                if (!reached.Contains(after))
                {
                    if (reached.Count == MostReached)
                    {
                        return false;
                    }

                    reached.Add(after);
                }

                if (!ends.Contains(after) && last.Contains(value))
                {
                    ends.Add(after);
                    var its = Run(after, following);
                    if (next != Unknown && its != next)
                    {
                        return false;
                    }

                    next = its;
                }
            }
        }

        return true;
    }

    /// <summary>The same for values of one length, of which it is known what bytes may stand at each place.</summary>
    public bool TryPassForm(int state, ReadOnlySpan<byte[]> form, ReadOnlySpan<byte> following, out int next)
    {
        var reached = new HashSet<int> { state };
        var after = new HashSet<int>();
        next = state;
        foreach (var values in form)
        {
            after.Clear();
            foreach (var from in reached)
            {
                foreach (var value in values)
                {
                    after.Add(Step(from, value));
                }
            }

            if (after.Count > MostReached)
            {
                return false;
            }

            (reached, after) = (after, reached);
        }

        after.Clear();
        foreach (var from in reached)
        {
            next = Run(from, following);
            after.Add(next);
        }

        return after.Count == 1;
    }

    /// <summary>Without looking for the prefix.</summary>
    int Plain(int state, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            state = Step(state, value);
        }

        return state;
    }

    /// <summary>Goes on until the answer is known or no match is under way; takes off what it has seen.</summary>
    int Walk(int state, ref ReadOnlySpan<byte> bytes)
    {
        ref var classes = ref MemoryMarshal.GetArrayDataReference(_classes);
        var table = _next;
        var last = _lastSearching;
        var stays = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var symbol = Unsafe.Add(ref classes, (nint)bytes[i]);
            var next = table[state + symbol];
            if (next <= last)
            {
                if (next == Unknown)
                {
                    next = Make(state, symbol);
                    table = _next;
                }

                if (next <= last)
                {
                    bytes = bytes[(i + 1)..];
                    return next;
                }
            }

            if (next != state)
            {
                state = next;
                stays = 0;
            }
            else if (++stays == LongStay)
            {
                var exits = Exits(state);
                if (exits is null)
                {
                    stays = -bytes.Length;
                    continue;
                }

                var skipped = bytes[(i + 1)..].IndexOfAny(exits);
                if (skipped < 0)
                {
                    break;
                }

                i += skipped;
                stays = 0;
            }
        }

        bytes = default;
        return state;
    }

    /// <summary>The bytes that lead out of a state; null where more than half of ASCII does.</summary>
    SearchValues<byte>? Exits(int state)
    {
        var index = state / _stride;
        var exits = _exits;
        var known = index < exits.Length ? exits[index] : null;
        if (known is null)
        {
            var leading = new List<byte>();
            for (var value = 0; value <= byte.MaxValue; value++)
            {
                if (Step(state, (byte)value) != state)
                {
                    leading.Add((byte)value);
                }
            }

            known = leading.Count(value => value < 0x80) > 64 ? NoExits : SearchValues.Create([.. leading]);
            lock (_growing)
            {
                if (index >= _exits.Length)
                {
                    Array.Resize(ref _exits, Math.Max(index + 1, _exits.Length * 2));
                }

                _exits[index] = known;
            }
        }

        return ReferenceEquals(known, NoExits) ? null : known;
    }

    int Make(int state, int symbol)
    {
        lock (_growing)
        {
            var known = _next[state + symbol];
            if (known != Unknown)
            {
                return known;
            }

            var made = _states.IsFull
                ? Undecided
                : Number(_states.Next((state / _stride) - 1, symbol == _representatives.Length ? -1 : _representatives[symbol]));
            _next[state + symbol] = made;
            return made;
        }
    }

    /// <summary>The state's number: its row in the table of transitions.</summary>
    int Number(int index)
    {
        if (index < 0)
        {
            return -index;
        }

        var number = (index + 1) * _stride;
        if (number + _stride > _next.Length)
        {
            var grown = new int[Math.Min(_next.Length * 2, (StateTable.MaxStates + 8) * _stride)];
            _next.CopyTo(grown, 0);
            Volatile.Write(ref _next, grown);
        }

        return number;
    }
}
