using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>The blocks that a search had to skip, each once. Thread-safe.</summary>
sealed class DamageReport
{
    const int MostNamed = 20;

    readonly Lock _lock = new();
    readonly Dictionary<string, string> _blocks = new(StringComparer.Ordinal);

    /// <summary>True where a block was skipped, so that the answer is not whole.</summary>
    public bool Any => _blocks.Count > 0;

    public void Add(RecordBlock block, CorruptDataException damage)
    {
        lock (_lock)
        {
            var place = block.Place ?? $"block {_blocks.Count + 1}";
            _blocks.TryAdd(place, $"{place}: {damage.Message}; {block.Count} records");
        }
    }

    public async Task WriteAsync(TextWriter errors)
    {
        if (!Any)
        {
            return;
        }

        await errors.WriteLineAsync(
            $"puppylog: {_blocks.Count} damaged {(_blocks.Count == 1 ? "block was" : "blocks were")} skipped, the rest was searched; 'puppylog store verify' says more");
        foreach (var line in _blocks.Values.Take(MostNamed))
        {
            await errors.WriteLineAsync($"  {line}");
        }

        if (_blocks.Count > MostNamed)
        {
            await errors.WriteLineAsync($"  … and {_blocks.Count - MostNamed} more");
        }
    }
}
