namespace Puppylog.Sources;

/// <summary>How the text of a source is written in bytes. Lines come as UTF-8, whatever it is.</summary>
enum TextEncoding : byte
{
    /// <summary>Or any other in which a newline is the byte 10: such bytes are passed on as they are.</summary>
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
}
