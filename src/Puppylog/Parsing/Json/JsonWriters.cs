using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>Tells by its escapes which kind of writer wrote a JSON string; mostly the one that wrote the last.</summary>
sealed class JsonWriters
{
    JsonEscapes _last = JsonEscapes.All[0];
    byte[] _escaped = new byte[256];

    /// <summary>The way in which the text was escaped; null where none that is known gives these bytes.</summary>
    public JsonEscapes? Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> escaped)
    {
        if (_escaped.Length < text.Length * JsonEscapes.MaxGrowth)
        {
            _escaped = new byte[text.Length * JsonEscapes.MaxGrowth];
        }

        if (Gives(_last, text, escaped))
        {
            return _last;
        }

        foreach (var other in JsonEscapes.All)
        {
            if (other != _last && Gives(other, text, escaped))
            {
                return _last = other;
            }
        }

        return null;
    }

    bool Gives(JsonEscapes escapes, ReadOnlySpan<byte> text, ReadOnlySpan<byte> escaped) =>
        escaped.SequenceEqual(_escaped.AsSpan(0, escapes.Write(text, _escaped)));
}
