using Puppylog.Records;

namespace Puppylog.Forwarding;

/// <summary>A <see cref="SourcePosition"/> as JSON; the fingerprint in hex, as JSON's numbers do not hold 64 bits.</summary>
sealed record KnownPosition(string Source, long Generation, long Offset, long Line, string Path, int FingerprintLength, string Fingerprint)
{
    public static KnownPosition Of(SourcePosition position, string prefix) => new(
        position.Source[prefix.Length..], position.Generation, position.Offset, position.Line, position.Path, position.FingerprintLength,
        position.Fingerprint.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));

    /// <exception cref="FormatException">The fingerprint is no number.</exception>
    public SourcePosition ToPosition() =>
        new(Source, Generation, Offset, Line, Path, FingerprintLength, Convert.ToUInt64(Fingerprint, 16));
}
