namespace Puppylog.Parsing;

static class FormatDetector
{
    public static string Detect(ReadOnlySpan<byte> sample) => "text";
}
