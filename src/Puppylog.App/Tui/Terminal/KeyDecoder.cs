using System.Buffers;
using System.Globalization;
using System.Text;

namespace Puppylog.App.Tui.Terminal;

/// <summary>
/// Makes keys of the bytes that a terminal sends (ECMA-48, xterm, its mouse in SGR form, pasted text). Whatever comes,
/// nothing is kept but the beginning of one sequence. Not thread-safe.
/// </summary>
sealed class KeyDecoder
{
    /// <summary>No sequence of a key is longer.</summary>
    const int MaxSequence = 32;

    const byte Escape = 0x1B;

    readonly List<byte> _held = [];

    /// <summary>True where an escape character was read that may be the key, or begin a sequence: see <see cref="Flush"/>.</summary>
    public bool IsHeld => _held.Count > 0;

    public void Add(ReadOnlySpan<byte> bytes, ICollection<Key> keys)
    {
        foreach (var next in bytes)
        {
            _held.Add(next);
            if (TryDecode(keys))
            {
                _held.Clear();
            }
        }
    }

    /// <summary>Nothing came behind what is held: it was the escape key.</summary>
    public void Flush(ICollection<Key> keys)
    {
        if (_held is [Escape])
        {
            keys.Add(new(KeyKind.Escape));
        }

        _held.Clear();
    }

    /// <summary>False where more is to come.</summary>
    bool TryDecode(ICollection<Key> keys)
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held);
        if (bytes[0] == Escape)
        {
            return TryDecodeSequence(bytes, keys);
        }

        if (bytes[0] >= 0x80)
        {
            return TryDecodeText(bytes, keys);
        }

        keys.Add((char)bytes[0] switch
        {
            '\r' or '\n' => new(KeyKind.Enter),
            '\t' => new(KeyKind.Tab),
            '\x7F' or '\b' => new(KeyKind.Backspace),
            > '\0' and < '\x1B' => Key.Control((char)(bytes[0] + 'a' - 1)),
            < ' ' => new(KeyKind.Unknown),
            _ => Key.Of(((char)bytes[0]).ToString()),
        });
        return true;
    }

    static bool TryDecodeText(ReadOnlySpan<byte> bytes, ICollection<Key> keys)
    {
        switch (Rune.DecodeFromUtf8(bytes, out var rune, out _))
        {
            case OperationStatus.Done:
                keys.Add(Key.Of(rune.ToString()));
                return true;
            case OperationStatus.NeedMoreData:
                return false;
            default:
                keys.Add(new(KeyKind.Unknown));
                return true;
        }
    }

    static bool TryDecodeSequence(ReadOnlySpan<byte> bytes, ICollection<Key> keys)
    {
        if (bytes.Length == 1)
        {
            return false;
        }

        if (bytes[1] == Escape)
        {
            // Twice the key: the second may begin a sequence, which is then not understood.
            keys.Add(new(KeyKind.Escape));
            return true;
        }

        if (bytes[1] is not ((byte)'[' or (byte)'O'))
        {
            // A letter with Alt.
            keys.Add(new(KeyKind.Unknown));
            return true;
        }

        if (bytes.Length == 2 || (bytes[^1] is < 0x40 or > 0x7E && bytes.Length < MaxSequence))
        {
            return false;
        }

        keys.Add(Name(Encoding.ASCII.GetString(bytes[2..])));
        return true;
    }

    /// <param name="sequence">What comes behind <c>ESC [</c> or <c>ESC O</c>.</param>
    static Key Name(string sequence)
    {
        if (sequence[0] == '<')
        {
            return Mouse(sequence);
        }

        return (sequence[^1], sequence) switch
        {
            ('A', _) => new(KeyKind.Up),
            ('B', _) => new(KeyKind.Down),
            ('C', _) => new(KeyKind.Right),
            ('D', _) => new(KeyKind.Left),
            ('H', _) or ('~', ['1' or '7', '~' or ';', ..]) => new(KeyKind.Home),
            ('F', _) or ('~', ['4' or '8', '~' or ';', ..]) => new(KeyKind.End),
            ('~', ['5', '~' or ';', ..]) => new(KeyKind.PageUp),
            ('~', ['6', '~' or ';', ..]) => new(KeyKind.PageDown),
            ('~', ['3', '~' or ';', ..]) => new(KeyKind.Delete),
            ('M', "M") => new(KeyKind.Enter),
            ('Z', _) => new(KeyKind.BackTab),
            _ => new(KeyKind.Unknown),
        };
    }

    /// <summary><c>&lt;button;column;line</c> and <c>M</c> where it was pressed, <c>m</c> where it was let go.</summary>
    static Key Mouse(string sequence)
    {
        var parts = sequence[1..^1].Split(';');
        if (sequence[^1] != 'M' || parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var button)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var column)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
        {
            return new(KeyKind.Unknown);
        }

        var kind = button switch { 0 => KeyKind.Click, 64 => KeyKind.WheelUp, 65 => KeyKind.WheelDown, _ => KeyKind.Unknown };
        return new(kind, "", column - 1, line - 1);
    }
}
