namespace Puppylog.Intake;

/// <summary>The entries of a body that are not stored: how many, and why the first are not.</summary>
sealed class Rejections
{
    /// <summary>More are only counted: an answer stays short.</summary>
    const int MostTold = 100;

    readonly List<RejectedEntry> _first = [];

    public long Count { get; private set; }

    public IReadOnlyList<RejectedEntry> First => _first;

    public void Add(long index, string reason)
    {
        Count++;
        if (_first.Count < MostTold)
        {
            _first.Add(new(index, reason));
        }
    }
}
