namespace Puppylog.Query.Filters.Automata;

/// <summary>
/// A set of UTF-16 units, as the framework's regular expressions see text. Classes such as <c>\w</c> are known for ASCII
/// only; what they say of other characters is left to the framework.
/// </summary>
sealed class CharacterSet
{
    public const int Last = 0xFFFF;

    const int LastAscii = 0x7F;

    /// <summary>What <c>İ</c> and <c>K</c> (the Kelvin sign) have to do with i and k is the framework's to say.</summary>
    const char KelvinSign = '\u212A';

    readonly List<(int First, int Last)> _ranges = [];

    /// <summary>True where only the framework knows which characters beyond ASCII are members.</summary>
    public bool IsOpen { get; private set; }

    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    /// <summary>True where every member is an ASCII character, for sure.</summary>
    public bool IsAscii => !IsOpen && (_ranges.Count == 0 || _ranges[^1].Last <= LastAscii);

    /// <summary>The one member, or -1 where there are others or none.</summary>
    public int Single => !IsOpen && _ranges.Count == 1 && _ranges[0].First == _ranges[0].Last ? _ranges[0].First : -1;

    public static CharacterSet Of(int character) => Of(character, character);

    public static CharacterSet Of(int first, int last)
    {
        var set = new CharacterSet();
        set.Add(first, last);
        return set;
    }

    /// <summary>The members of ASCII that a test holds for; the others are left open.</summary>
    public static CharacterSet OfAscii(Func<char, bool> contains)
    {
        var set = new CharacterSet { IsOpen = true };
        for (var c = 0; c <= LastAscii; c++)
        {
            if (contains((char)c))
            {
                set.Add(c, c);
            }
        }

        return set;
    }

    public bool Contains(int character)
    {
        foreach (var (first, last) in _ranges)
        {
            if (character >= first && character <= last)
            {
                return true;
            }
        }

        return false;
    }

    public bool Overlaps(int first, int last)
    {
        foreach (var range in _ranges)
        {
            if (range.First <= last && range.Last >= first)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(int first, int last)
    {
        var at = 0;
        while (at < _ranges.Count && _ranges[at].Last < first - 1)
        {
            at++;
        }

        while (at < _ranges.Count && _ranges[at].First <= last + 1)
        {
            first = Math.Min(first, _ranges[at].First);
            last = Math.Max(last, _ranges[at].Last);
            _ranges.RemoveAt(at);
        }

        _ranges.Insert(at, (first, last));
    }

    public void Add(CharacterSet other)
    {
        IsOpen |= other.IsOpen;
        foreach (var (first, last) in other._ranges)
        {
            Add(first, last);
        }
    }

    /// <summary>The set with the other case of each ASCII letter.</summary>
    public CharacterSet IgnoringCase()
    {
        var set = new CharacterSet();
        set.Add(this);
        for (int lower = 'a'; lower <= 'z'; lower++)
        {
            var upper = lower - 'a' + 'A';
            if (Contains(lower) || Contains(upper))
            {
                set.Add(lower, lower);
                set.Add(upper, upper);
                if (lower == 'k')
                {
                    set.Add(KelvinSign, KelvinSign);
                }
            }
        }

        return set;
    }

    public CharacterSet Negated()
    {
        var set = new CharacterSet { IsOpen = IsOpen };
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                set._ranges.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Last)
        {
            set._ranges.Add((next, Last));
        }

        return set;
    }
}
