namespace Puppylog.Parsing;

/// <summary>Stub: the room Parsing brings the real one.</summary>
static class FormatDetector
{
    public static string Detect(ReadOnlySpan<byte> sample) => "combined";
}
