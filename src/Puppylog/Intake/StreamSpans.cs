using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>Where the texts of streams lie in a batch: each is in it once, as long as there are not very many.</summary>
sealed class StreamSpans
{
    const int MostKnown = 1024;

    readonly Dictionary<ulong, ByteSpan> _known = [];
    ByteSpan _last = ByteSpan.Absent;

    public ByteSpan Of(RecordBatch batch, ReadOnlySpan<byte> text)
    {
        if (!_last.IsAbsent && batch.Value(_last).SequenceEqual(text))
        {
            return _last;
        }

        var hash = new HashCode();
        hash.AddBytes(text);
        var key = ((ulong)(uint)hash.ToHashCode() << 32) | (uint)text.Length;
        if (_known.TryGetValue(key, out var known) && batch.Value(known).SequenceEqual(text))
        {
            return _last = known;
        }

        _last = batch.Append(text);
        if (_known.Count < MostKnown)
        {
            _known[key] = _last;
        }

        return _last;
    }
}
