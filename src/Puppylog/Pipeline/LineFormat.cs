using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;

namespace Puppylog.Pipeline;

/// <summary>How lines that are not collected are read: as <see cref="CollectOptions"/> has it for those that are.</summary>
/// <param name="Format">A format's name, or <see cref="CollectOptions.AutomaticFormat"/>.</param>
/// <param name="Join">How they are joined to records.</param>
sealed record LineFormat(string Format, JoinRule Join)
{
    public static LineFormat Automatic { get; } = new(CollectOptions.AutomaticFormat, JoinRule.Auto);

    /// <param name="sample">First lines, to tell the format.</param>
    public LineParser CreateParser(ReadOnlySpan<byte> sample) =>
        LineParsers.Create(Format == CollectOptions.AutomaticFormat ? FormatDetector.Detect(sample) : Format, replaceTimes: false);
}
