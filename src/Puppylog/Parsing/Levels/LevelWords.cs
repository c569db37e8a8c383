using Puppylog.Records;

namespace Puppylog.Parsing.Levels;

/// <summary>
/// What loggers call their levels. Words in any case; letters as glog, logcat, Ruby and .NET use them; numbers of pino and
/// bunyan (10 to 60) and of syslog (0 to 7, RFC 5424 §6.2.1).
/// </summary>
static class LevelWords
{
    const int MaxLength = 13;

    /// <summary>The word for a level, small letters; empty for an unknown one.</summary>
    public static ReadOnlySpan<byte> Text(Level level) => level switch
    {
        Level.Trace => "trace"u8,
        Level.Debug => "debug"u8,
        Level.Info => "info"u8,
        Level.Notice => "notice"u8,
        Level.Warn => "warn"u8,
        Level.Error => "error"u8,
        Level.Fatal => "fatal"u8,
        _ => default,
    };

    /// <summary>The level that a word, a letter or a number means; unknown for any other text.</summary>
    public static Level Of(ReadOnlySpan<byte> text, ValueKind kind = ValueKind.Text)
    {
        var level = kind == ValueKind.Text ? OfWord(text) : Level.Unknown;
        return level == Level.Unknown && text.Length is > 0 and <= 2 ? OfNumber(text) : level;
    }

    /// <summary>The level that a word or a letter means.</summary>
    public static Level OfWord(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return Level.Unknown;
        }

        Span<byte> buffer = stackalloc byte[MaxLength];
        for (var i = 0; i < text.Length; i++)
        {
            buffer[i] = (byte)(text[i] | 0x20);
        }

        var word = buffer[..text.Length];
        return word[0] switch
        {
            (byte)'t' => Is(word, "trace"u8) || Is(word, "t"u8) || Is(word, "trc"u8) || Is(word, "trce"u8) || IsNumbered(word, "trace"u8) ? Level.Trace : Level.Unknown,
            (byte)'v' => Is(word, "verbose"u8) || Is(word, "v"u8) || Is(word, "verb"u8) || Is(word, "vrb"u8) ? Level.Trace : Level.Unknown,
            (byte)'d' => Is(word, "dpanic"u8) ? Level.Fatal : Is(word, "debug"u8) || Is(word, "d"u8) || Is(word, "dbg"u8) || Is(word, "dbug"u8) || IsNumbered(word, "debug"u8) ? Level.Debug : Level.Unknown,
            (byte)'f' => Is(word, "fatal"u8) || Is(word, "f"u8) || Is(word, "ftl"u8) ? Level.Fatal
                : Is(word, "fail"u8) ? Level.Error
                : Is(word, "fine"u8) ? Level.Debug
                : Is(word, "finer"u8) || Is(word, "finest"u8) ? Level.Trace
                : Level.Unknown,
            (byte)'i' => Is(word, "info"u8) || Is(word, "i"u8) || Is(word, "information"u8) || Is(word, "informational"u8) || Is(word, "inf"u8) ? Level.Info : Level.Unknown,
            (byte)'l' => Is(word, "log"u8) ? Level.Info : Level.Unknown,
            (byte)'c' => Is(word, "critical"u8) || Is(word, "crit"u8) || Is(word, "c"u8) ? Level.Fatal : Is(word, "config"u8) ? Level.Debug : Level.Unknown,
            (byte)'n' => Is(word, "notice"u8) || Is(word, "note"u8) ? Level.Notice : Level.Unknown,
            (byte)'w' => Is(word, "warn"u8) || Is(word, "warning"u8) || Is(word, "w"u8) || Is(word, "wrn"u8) ? Level.Warn : Level.Unknown,
            (byte)'e' => Is(word, "error"u8) || Is(word, "err"u8) || Is(word, "e"u8) || Is(word, "eror"u8) ? Level.Error
                : Is(word, "emerg"u8) || Is(word, "emergency"u8) ? Level.Fatal
                : Level.Unknown,
            (byte)'s' => Is(word, "severe"u8) ? Level.Error : Level.Unknown,
            (byte)'a' => Is(word, "alert"u8) || Is(word, "assert"u8) ? Level.Fatal : Level.Unknown,
            (byte)'p' => Is(word, "panic"u8) ? Level.Fatal : Level.Unknown,
            _ => Level.Unknown,
        };
    }

    /// <summary>By syslog's severity, 0 to 7.</summary>
    public static Level OfSeverity(int severity) => severity switch
    {
        0 or 1 or 2 => Level.Fatal,
        3 => Level.Error,
        4 => Level.Warn,
        5 => Level.Notice,
        6 => Level.Info,
        7 => Level.Debug,
        _ => Level.Unknown,
    };

    /// <summary>By OpenTelemetry's severity number, 1 to 24.</summary>
    public static Level OfSeverityNumber(int number) => number switch
    {
        >= 1 and <= 4 => Level.Trace,
        >= 5 and <= 8 => Level.Debug,
        >= 9 and <= 12 => Level.Info,
        >= 13 and <= 16 => Level.Warn,
        >= 17 and <= 20 => Level.Error,
        >= 21 and <= 24 => Level.Fatal,
        _ => Level.Unknown,
    };

    static Level OfNumber(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var b in text)
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return Level.Unknown;
            }

            number = (number * 10) + (b - '0');
        }

        return text.Length == 1 ? OfSeverity(number) : number switch
        {
            10 => Level.Trace,
            20 => Level.Debug,
            30 => Level.Info,
            40 => Level.Warn,
            50 => Level.Error,
            60 => Level.Fatal,
            _ => Level.Unknown,
        };
    }

    static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> known) => word.SequenceEqual(known);

    /// <summary>PostgreSQL's DEBUG1 to DEBUG5, Apache's trace1 to trace8; the digits are themselves with the bit of small letters.</summary>
    static bool IsNumbered(ReadOnlySpan<byte> word, ReadOnlySpan<byte> known) =>
        word.Length == known.Length + 1 && word.StartsWith(known) && word[^1] is >= (byte)'1' and <= (byte)'8';
}
