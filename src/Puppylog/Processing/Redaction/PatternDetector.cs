using System.Text;
using System.Text.RegularExpressions;

namespace Puppylog.Processing.Redaction;

/// <summary>A user's regular expression, line by line. Bytes that are no UTF-8 are letters of Latin-1 to it.</summary>
sealed class PatternDetector(Regex pattern) : Detector
{
    char[] _characters = new char[1024];

    public override void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> places)
    {
        var at = 0;
        while (at < text.Length)
        {
            var length = text[at..].IndexOf((byte)'\n');
            length = length < 0 ? text.Length - at : length;
            FindInLine(text.Slice(at, length), at, places);
            at += length + 1;
        }
    }

    void FindInLine(ReadOnlySpan<byte> line, int offset, List<(int Start, int End)> places)
    {
        if (_characters.Length < line.Length)
        {
            _characters = new char[Math.Max(line.Length, _characters.Length * 2)];
        }

        var isText = Encoding.UTF8.TryGetChars(line, _characters, out var count) && !_characters.AsSpan(0, count).Contains('\ufffd');
        if (!isText)
        {
            count = Encoding.Latin1.GetChars(line, _characters);
        }

        var isSame = count == line.Length;
        ReadOnlySpan<char> characters = _characters.AsSpan(0, count);
        var (known, knownBytes) = (0, 0);
        foreach (var match in pattern.EnumerateMatches(characters))
        {
            if (match.Length == 0)
            {
                continue;
            }

            var start = isSame ? match.Index : knownBytes + Encoding.UTF8.GetByteCount(characters[known..match.Index]);
            var length = isSame ? match.Length : Encoding.UTF8.GetByteCount(characters.Slice(match.Index, match.Length));
            (known, knownBytes) = (match.Index + match.Length, start + length);
            if (length > 0 && start + length <= line.Length)
            {
                places.Add((offset + start, offset + start + length));
            }
        }
    }
}
