namespace Puppylog.Parsing;

/// <summary>Stub.</summary>
static class FormatDetector
{
    public static string Detect(ReadOnlySpan<byte> sample) => throw new NotSupportedException();
}
