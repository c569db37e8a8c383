using System.Runtime.InteropServices;
using Puppylog.Processing.Options;

namespace Puppylog.Processing.Redaction;

/// <summary>Rewrites lines as one <see cref="RedactOptions"/> asks. Not thread-safe; keeps its buffers.</summary>
sealed class RedactionPass
{
    /// <summary>Escapes within escapes: a URL in JSON in a string of JSON in a URL.</summary>
    const int MostLayers = 6;

    readonly List<Detector> _detectors = [];
    readonly Replacement _replacement;
    readonly List<(int Start, int End)> _places = [];
    readonly List<Found> _found = [];
    readonly List<byte> _tokens = [];
    readonly DecodedLine[] _layers = [.. Enumerable.Range(0, MostLayers).Select(_ => new DecodedLine())];
    byte[] _rewritten = new byte[1024];
    int _length;

    public RedactionPass(RedactOptions options)
    {
        foreach (var name in options.Detectors)
        {
            _detectors.Add(name switch
            {
                RedactOptions.Email => new EmailDetector(),
                RedactOptions.Card => new CardDetector(),
                RedactOptions.Bearer => new BearerDetector(),
                RedactOptions.Secret => new SecretDetector(),
                _ => new AddressDetector(),
            });
        }

        _detectors.AddRange(options.Patterns.Select(pattern => new PatternDetector(RedactOptions.ParsePattern(pattern))));
        _replacement = new(options.Mask, options.Key);
    }

    /// <summary>The lines with every match replaced: themselves, or bytes that hold until the next call. They have as many newlines.</summary>
    /// <param name="count">Raised by the matches.</param>
    public ReadOnlySpan<byte> Redact(ReadOnlySpan<byte> lines, ref long count)
    {
        _found.Clear();
        _tokens.Clear();
        Find(lines, 0, null);
        FindEscaped(lines);
        if (_found.Count == 0)
        {
            return lines;
        }

        _found.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        _length = 0;
        var copied = 0;
        for (var i = 0; i < _found.Count;)
        {
            var (start, end, chosen) = (_found[i].Start, _found[i].End, _found[i]);
            for (i++; i < _found.Count && _found[i].Start < end; i++)
            {
                end = Math.Max(end, _found[i].End);
                chosen = Preferred(chosen, _found[i]);
            }

            Append(lines[copied..start]);
            Replace(lines, start, end, chosen);
            copied = end;
            count++;
        }

        Append(lines[copied..]);
        return _rewritten.AsSpan(0, _length);
    }

    static Found Preferred(in Found a, in Found b) =>
        a.KeepsParts != b.KeepsParts ? (a.KeepsParts ? b : a)
        : b.End - b.Start > a.End - a.Start ? b : a;

    void Find(ReadOnlySpan<byte> text, int offset, DecodedLine? layer)
    {
        foreach (var detector in _detectors)
        {
            _places.Clear();
            detector.Find(text, _places);
            foreach (var place in _places)
            {
                var (from, to) = layer is null ? EscapeEdges.Snap(text, place.Start, place.End) : place;
                var (start, end) = layer?.Origin(from, to) ?? (from, to);
                var token = _tokens.Count;
                var keepsParts = _replacement.Write(detector, text[from..to], _tokens);
                _found.Add(new(start + offset, end + offset, token, _tokens.Count - token, keepsParts));
            }
        }
    }

    void FindEscaped(ReadOnlySpan<byte> lines)
    {
        var from = 0;
        while (lines[from..].IndexOfAny((byte)'\\', (byte)'%') is >= 0 and var next)
        {
            var start = lines[..(from + next)].LastIndexOf((byte)'\n') + 1;
            var length = lines[(from + next)..].IndexOf((byte)'\n');
            var end = length < 0 ? lines.Length : from + next + length;
            DecodedLine? before = null;
            for (var depth = 0; depth < MostLayers; depth++)
            {
                var layer = _layers[depth];
                if (!layer.TryDecode(before is null ? lines[start..end] : before.Bytes, before))
                {
                    break;
                }

                Find(layer.Bytes, start, layer);
                before = layer;
            }

            from = end;
        }
    }

    void Replace(ReadOnlySpan<byte> lines, int start, int end, in Found found)
    {
        var token = CollectionsMarshal.AsSpan(_tokens).Slice(found.Token, found.TokenLength);
        var isNumber = BareValue.IsIn(lines, start, end);
        if (isNumber)
        {
            Append("\""u8);
        }

        Append(token);
        if (isNumber)
        {
            Append("\""u8);
        }
    }

    void Append(ReadOnlySpan<byte> bytes)
    {
        if (_rewritten.Length - _length < bytes.Length)
        {
            Array.Resize(ref _rewritten, Math.Max(_length + bytes.Length, _rewritten.Length * 2));
        }

        bytes.CopyTo(_rewritten.AsSpan(_length));
        _length += bytes.Length;
    }
}
