namespace Puppylog.Parsing;

/// <summary>Stub.</summary>
static class LineParsers
{
    public static LineParser Create(string format, bool replaceTimes) => throw new NotSupportedException();
}
