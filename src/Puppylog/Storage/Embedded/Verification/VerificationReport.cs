using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Verification;

/// <summary>What a verification found.</summary>
/// <param name="Segments">The segments, by number.</param>
/// <param name="CatalogDamage">What is wrong with the catalogue and with positions.</param>
/// <param name="Notices">What is no damage, and still good to know.</param>
/// <param name="Catalog">The catalogue as it was; null where it cannot be read.</param>
/// <param name="NeedsRebuild">The catalogue cannot be trusted: it has to be rebuilt from the segments.</param>
sealed record VerificationReport(
    IReadOnlyList<ExaminedSegment> Segments, IReadOnlyList<Damage> CatalogDamage, IReadOnlyList<string> Notices, CatalogImage? Catalog,
    bool NeedsRebuild)
{
    public IEnumerable<Damage> Damage => CatalogDamage.Concat(Segments.SelectMany(segment => segment.Damage));

    public bool IsClean => !Damage.Any();

    public long Blocks => Segments.Sum(segment => (long)segment.Blocks.Count);

    /// <summary>Records of the blocks that can be read.</summary>
    public long Records => Segments.Sum(segment => segment.Blocks.Where(block => block.IsWhole).Sum(block => (long)block.Entry.Records));

    public long Bytes => Segments.Sum(segment => segment.Contents is null ? 0 : segment.Row?.Length ?? segment.Contents.End);
}
