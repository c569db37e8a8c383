using System.Runtime.InteropServices;

namespace Puppylog.Query.Filters.Automata;

/// <summary>
/// The states of a <see cref="ByteAutomaton"/>: sets of places in the program, each with what stands before. Results are
/// indices of states, or the negative of one of the automaton's answers. One thread at a time.
/// </summary>
sealed class StateTable
{
    /// <summary>States that are kept; with 256 classes of bytes their transitions take 4 MB.</summary>
    public const int MaxStates = 4000;

    /// <summary>Places that all states together are kept with: 4 MB.</summary>
    const int MaxPlaces = 1_000_000;

    /// <summary>Steps of the program that are looked at to make states: a second or so of work.</summary>
    const long MaxWork = 100_000_000;

    readonly ByteProgram _program;
    readonly List<(int[] Places, Context Before)> _states = [];
    readonly Dictionary<int, List<int>> _byHash = [];
    readonly int[] _marks;
    readonly List<int> _places = [];
    readonly List<int> _open = [];
    readonly List<int> _doubtful = [];
    int _mark;
    int _kept;
    long _work;

    public StateTable(ByteProgram program)
    {
        _program = program;
        _marks = new int[program.Instructions.Length];
    }

    public int Count => _states.Count;

    /// <summary>True where no more states should be made: they have taken their share of memory or time.</summary>
    public bool IsFull => _states.Count >= MaxStates || _kept >= MaxPlaces || _work >= MaxWork;

    public static Context ContextAfter(byte value) =>
        value >= 0x80 ? Context.Wide : char.IsAsciiLetterOrDigit((char)value) || value == '_' ? Context.Word : Context.Other;

    /// <summary>The state before the text.</summary>
    public int Start()
    {
        Clear();
        Reach(_program.Entry, isStart: true);
        return Find(_program.HasStart || _program.AsksForWords ? Context.Start : Context.Other);
    }

    /// <summary>The state within a text where nothing of a match has been seen.</summary>
    public int Search(Context before)
    {
        Clear();
        Reach(_program.Entry, isStart: false);
        return Find(before);
    }

    /// <summary>The state after one more byte, or at the end of the text where the byte is -1.</summary>
    public int Next(int state, int value)
    {
        var (places, before) = _states[state];
        Clear();
        _doubtful.Clear();
        foreach (var place in places)
        {
            Reach(place, before == Context.Start);
        }

        Look(before, value);
        if (_places.Exists(place => Kind(place) == InstructionKind.Match))
        {
            return -ByteAutomaton.Accepted;
        }

        var isUndecided = _places.Exists(place => Kind(place) == InstructionKind.Undecided) || IsDoubtful(before, value);
        if (isUndecided || value < 0)
        {
            return isUndecided ? -ByteAutomaton.Undecided : -ByteAutomaton.Rejected;
        }

        var from = _places.ToArray();
        Clear();
        foreach (var place in from)
        {
            var step = _program.Instructions[place];
            if (step.Kind == InstructionKind.Range && value >= step.First && value <= step.Last)
            {
                Reach(step.Next, isStart: false);
            }
        }

        return Find(_program.AsksForWords ? ContextAfter((byte)value) : Context.Other);
    }

    InstructionKind Kind(int place) => _program.Instructions[place].Kind;

    void Clear()
    {
        _places.Clear();
        _mark++;
    }

    /// <summary>Adds a place and those that it leads to without a byte; conditions on what follows are left standing.</summary>
    void Reach(int place, bool isStart)
    {
        _open.Add(place);
        while (_open.Count > 0)
        {
            var at = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            if (_marks[at] == _mark)
            {
                continue;
            }

            _marks[at] = _mark;
            _work++;
            var step = _program.Instructions[at];
            switch (step.Kind)
            {
                case InstructionKind.Fork:
                    _open.Add(step.Other);
                    _open.Add(step.Next);
                    break;
                case InstructionKind.Start:
                    if (isStart)
                    {
                        _open.Add(step.Next);
                    }

                    break;
                default:
                    _places.Add(at);
                    break;
            }
        }
    }

    /// <summary>Goes past the conditions that hold between what stands before and the next byte.</summary>
    void Look(Context before, int value)
    {
        var isWordNext = value >= 0 && ContextAfter((byte)value) == Context.Word;
        var isWideNext = value >= 0x80;
        for (var i = 0; i < _places.Count; i++)
        {
            var step = _program.Instructions[_places[i]];
            var isBetween = step.Kind is InstructionKind.WordBoundary or InstructionKind.NoWordBoundary;
            if ((isBetween && (before == Context.Wide || isWideNext))
                || (step.Kind == InstructionKind.NotAfterWord && before == Context.Wide)
                || (step.Kind == InstructionKind.NotBeforeWord && isWideNext))
            {
                _doubtful.Add(step.Next);
                continue;
            }

            var holds = step.Kind switch
            {
                InstructionKind.End => value < 0,
                InstructionKind.WordBoundary => before == Context.Word != isWordNext,
                InstructionKind.NoWordBoundary => before == Context.Word == isWordNext,
                InstructionKind.NotAfterWord => before != Context.Word,
                InstructionKind.NotBeforeWord => !isWordNext,
                _ => false,
            };
            if (holds)
            {
                Reach(step.Next, before == Context.Start);
            }
        }
    }

    /// <summary>True where it matters whether a condition holds that cannot be told: past it the program would go on.</summary>
    bool IsDoubtful(Context before, int value)
    {
        if (_doubtful.Count == 0)
        {
            return false;
        }

        var certain = _places.ToArray();
        Clear();
        foreach (var place in _doubtful)
        {
            Reach(place, before == Context.Start);
        }

        var matters = false;
        for (var i = 0; i < _places.Count && !matters; i++)
        {
            var step = _program.Instructions[_places[i]];
            matters = step.Kind != InstructionKind.Range || (value >= step.First && value <= step.Last);
        }

        _places.Clear();
        _places.AddRange(certain);
        return matters;
    }

    int Find(Context before)
    {
        if (_places.Count == 0)
        {
            return -ByteAutomaton.Rejected;
        }

        _places.Sort();
        if (_places.Exists(place => Kind(place) == InstructionKind.Match))
        {
            return -ByteAutomaton.Accepted;
        }

        if (_places.Exists(place => Kind(place) == InstructionKind.Undecided))
        {
            return -ByteAutomaton.Undecided;
        }

        var places = CollectionsMarshal.AsSpan(_places);
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(places));
        hash.Add(before);
        ref var alike = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHash, hash.ToHashCode(), out _);
        foreach (var index in alike ??= [])
        {
            if (_states[index].Before == before && places.SequenceEqual(_states[index].Places))
            {
                return index;
            }
        }

        _kept += places.Length;
        alike.Add(_states.Count);
        _states.Add((places.ToArray(), before));
        return _states.Count - 1;
    }
}
