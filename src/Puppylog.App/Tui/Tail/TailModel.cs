using Puppylog.App.Tui.Terminal;
using Puppylog.Query.Syntax;

namespace Puppylog.App.Tui.Tail;

/// <summary>What the live tail knows and where one looks at it. Read and written under the watch state's lock.</summary>
sealed class TailModel
{
    readonly TailBuffer _recent;
    readonly TailBuffer _matching;
    readonly TailBuffer _errors = new(200, 1 << 20);
    /// <summary>The commits that the recent records are of, each with how many had been seen at its end.</summary>
    readonly Queue<(long Commit, long Until)> _commits = [];
    TailRecord[]? _held;
    long _seenBefore;

    public TailModel(int maxRecords = TailBuffer.DefaultRecords)
    {
        _recent = new(maxRecords);
        _matching = new(maxRecords);
    }

    public TailFilter Filter { get; private set; } = TailFilter.All;

    /// <summary>Counts up with each filter, so that what was selected by an older one is noticed.</summary>
    public int Version { get; private set; }

    /// <summary>Records since watching began.</summary>
    public long Seen { get; private set; }

    /// <summary>Of these, those that the filter let through since it was set; what the store had before is not counted.</summary>
    public long Matched { get; private set; }

    /// <summary>Records since the filter was set.</summary>
    public long SeenSince => Seen - _seenBefore;

    /// <summary>Lines as they were written, also of access logs.</summary>
    public bool ShowsLines { get; set; }

    /// <summary>Those that came while it was paused.</summary>
    public long Newer { get; private set; }

    /// <summary>The filter while it is edited.</summary>
    public LineEditor? Editor { get; set; }

    /// <summary>What is wrong with the filter that is edited.</summary>
    public LogsqlException? Mistake { get; set; }

    /// <summary>True while the store is asked for what it had before.</summary>
    public bool IsSearching { get; set; }

    public bool IsPaused => _held is not null;

    /// <summary>The chosen record while paused, from the oldest one that is held.</summary>
    public int Selected { get; set; }

    /// <summary>The first record on the screen while paused.</summary>
    public int Top { get; set; }

    /// <summary>Columns by which the lines are moved to the left.</summary>
    public int Shift { get; set; }

    /// <summary>True where the chosen record's fields are shown.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Records that can be looked at.</summary>
    public int Count => _held?.Length ?? _matching.Count;

    public TailBuffer Errors => _errors;

    public TailRecord this[int index] => _held is { } held ? held[index] : _matching[index];

    public void Pause()
    {
        if (_held is null)
        {
            _held = _matching.ToArray();
            Newer = 0;
            Selected = Math.Max(0, _held.Length - 1);
            Top = int.MaxValue;
        }
    }

    public void Follow()
    {
        _held = null;
        IsOpen = false;
        Newer = 0;
    }

    /// <summary>Moves the choice; what goes up from the newest one pauses, what goes down behind it follows again.</summary>
    /// <param name="key">The key.</param>
    /// <param name="page">Records that are seen.</param>
    public void Scroll(Key key, int page)
    {
        var step = key switch
        {
            { Kind: KeyKind.Up } or { Kind: KeyKind.Text, Text: "k" } => -1,
            { Kind: KeyKind.Down } or { Kind: KeyKind.Text, Text: "j" } => 1,
            { Kind: KeyKind.WheelUp } => -3,
            { Kind: KeyKind.WheelDown } => 3,
            { Kind: KeyKind.PageUp } => -page,
            { Kind: KeyKind.PageDown } => page,
            { Kind: KeyKind.Home } => -Count,
            { Kind: KeyKind.End } => Count + 1,
            _ => 0,
        };
        if (step == 0 || (step > 0 && !IsPaused))
        {
            return;
        }

        Pause();
        if (Selected + step >= Count && !IsOpen)
        {
            Follow();
            return;
        }

        Selected = Math.Clamp(Selected + step, 0, Math.Max(0, Count - 1));
        Top = FirstShown(page);
    }

    /// <summary>The first record on the screen: the newest ones where it follows, else so that the chosen one is seen.</summary>
    public int FirstShown(int page)
    {
        page = Math.Max(1, page);
        var last = Math.Max(0, Count - page);
        return IsPaused ? Math.Clamp(Math.Min(Top, last), Math.Max(0, Selected - page + 1), Math.Max(0, Selected)) : last;
    }

    /// <summary>Sets the filter, and takes what matches of the records that are still known.</summary>
    public void SetFilter(TailFilter filter)
    {
        Filter = filter;
        Version++;
        Matched = 0;
        _seenBefore = Seen;
        Follow();
        Refill([], 0);
    }

    /// <summary>The store's answer for what it had before: what came since then follows it.</summary>
    /// <param name="version">Of the filter that was asked for; an older one is nothing any more.</param>
    /// <param name="found">Oldest first.</param>
    /// <param name="covered">The last commit among them.</param>
    public void TakeHistory(int version, IReadOnlyList<TailRecord> found, long covered)
    {
        if (version == Version)
        {
            IsSearching = false;
            Refill(found, covered);
        }
    }

    /// <param name="records">What came; of very much at once, the newest.</param>
    /// <param name="matching">Of these, what the filter of <paramref name="version"/> let through.</param>
    /// <param name="errors">Of these, failed requests and messages of level error.</param>
    /// <param name="version">See <see cref="Version"/>.</param>
    /// <param name="commit">The store's commit; 0 where there is none.</param>
    /// <param name="seen">How many came.</param>
    /// <param name="matched">How many of them the filter let through.</param>
    public void Add(TailRecord[] records, TailRecord[] matching, TailRecord[] errors, int version, long commit, int seen, int matched)
    {
        Seen += seen;
        foreach (var record in records)
        {
            _recent.Add(record);
        }

        NoteCommit(commit);
        if (version != Version)
        {
            // The filter was changed in between; seldom, and few records.
            matching = Select(records);
            matched = matching.Length;
        }

        Matched += matched;
        Newer += IsPaused ? matched : 0;
        foreach (var record in matching)
        {
            _matching.Add(record);
        }

        foreach (var error in errors)
        {
            _errors.Add(error);
        }
    }

    void NoteCommit(long commit)
    {
        _commits.Enqueue((commit, Seen));
        while (_commits.Count > 0 && _commits.Peek().Until <= Seen - _recent.Count)
        {
            _commits.Dequeue();
        }
    }

    void Refill(IReadOnlyList<TailRecord> before, long covered)
    {
        _matching.Clear();
        foreach (var record in before)
        {
            _matching.Add(record);
        }

        foreach (var record in Select(RecentAfter(covered)))
        {
            _matching.Add(record);
        }
    }

    TailRecord[] RecentAfter(long covered)
    {
        var recent = _recent.ToArray();
        if (covered == 0)
        {
            return recent;
        }

        var forgotten = Seen - recent.Length;
        var known = _commits.Where(entry => entry.Commit <= covered).Select(entry => entry.Until).DefaultIfEmpty(forgotten).Max();
        return recent[(int)Math.Clamp(known - forgotten, 0, recent.Length)..];
    }

    TailRecord[] Select(TailRecord[] records) =>
        Filter.TakesAll || records.Length == 0 ? records : Array.ConvertAll(Filter.Rows(TailRecord.View(records)), row => records[row]);
}
