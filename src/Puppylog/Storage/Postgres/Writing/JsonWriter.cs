using System.Buffers;
using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>JSON into a copy buffer, from bytes that may be anything.</summary>
static class JsonWriter
{
    /// <summary>What cannot stand in a string as it is.</summary>
    static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    static ReadOnlySpan<byte> Hex => "0123456789abcdef"u8;

    /// <summary>A value in its own type where <c>jsonb</c> takes it, else as a string of its text. False where bytes were replaced.</summary>
    /// <param name="isStorable">True where the value is known to be text that can be held.</param>
    public static bool Value(CopyBuffer target, ReadOnlySpan<byte> value, ValueKind kind, bool isStorable)
    {
        var isItself = kind switch
        {
            ValueKind.Number => StorableJson.IsNumber(value),
            ValueKind.Boolean => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8),
            ValueKind.Json => StorableJson.IsComposite(value),
            _ => false,
        };
        if (isItself)
        {
            target.Raw(value);
            return true;
        }

        if (kind == ValueKind.Null)
        {
            target.Raw("null"u8);
            return true;
        }

        return String(target, value, isStorable);
    }

    /// <summary>A string with its quotes. False where bytes were replaced.</summary>
    public static bool String(CopyBuffer target, ReadOnlySpan<byte> text, bool isStorable)
    {
        target.Byte((byte)'"');
        var isWhole = Content(target, text, isStorable);
        target.Byte((byte)'"');
        return isWhole;
    }

    /// <summary>A string without its quotes. False where bytes were replaced.</summary>
    public static bool Content(CopyBuffer target, ReadOnlySpan<byte> text, bool isStorable)
    {
        if (!isStorable && !StorableText.IsStorable(text))
        {
            using var replaced = new CopyBuffer();
            StorableText.Write(text, replaced);
            Content(target, replaced.Written.Span, isStorable: true);
            return false;
        }

        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            target.Raw(text[..at]);
            Escape(target, text[at]);
            text = text[(at + 1)..];
        }

        target.Raw(text);
        return true;
    }

    static void Escape(CopyBuffer target, byte value)
    {
        target.Byte((byte)'\\');
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                target.Byte(value);
                break;
            case (byte)'\n':
                target.Byte((byte)'n');
                break;
            case (byte)'\t':
                target.Byte((byte)'t');
                break;
            case (byte)'\r':
                target.Byte((byte)'r');
                break;
            default:
                target.Raw("u00"u8);
                target.Byte(Hex[value >> 4]);
                target.Byte(Hex[value & 15]);
                break;
        }
    }
}
