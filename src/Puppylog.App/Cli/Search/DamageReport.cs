using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>Counts the blocks that a search had to skip. Thread-safe.</summary>
sealed class DamageReport
{
    readonly Lock _lock = new();
    int _count;
    string _first = "";

    public void Add(RecordBlock block, CorruptDataException damage)
    {
        lock (_lock)
        {
            _first = _count++ == 0 ? $"{damage.Message}; {block.Count} records" : _first;
        }
    }

    public async Task WriteAsync(TextWriter errors)
    {
        if (_count > 0)
        {
            await errors.WriteLineAsync($"puppylog: {_count} damaged {(_count == 1 ? "block was" : "blocks were")} skipped ({_first}); 'puppylog store verify' says more");
        }
    }
}
