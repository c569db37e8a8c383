namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>Moments of a transaction at which tests make it fail.</summary>
enum CatalogStep
{
    Opening,
    Committing,
    Committed,
    ReadingBack,
}
