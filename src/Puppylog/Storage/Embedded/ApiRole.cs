namespace Puppylog.Storage.Embedded;

/// <summary>What the owner of a key may do.</summary>
enum ApiRole
{
    /// <summary>Send records, and nothing else.</summary>
    Ingest,

    /// <summary>Ask and follow.</summary>
    Read,

    /// <summary>Everything.</summary>
    Admin,
}
