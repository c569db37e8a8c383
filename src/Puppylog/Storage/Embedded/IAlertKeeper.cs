namespace Puppylog.Storage.Embedded;

/// <summary>Keeps in the catalogue what the evaluation of alerts came to, between two commits.</summary>
interface IAlertKeeper
{
    /// <exception cref="LogStoreException">The store is being closed, or its directory is gone.</exception>
    Task KeepAsync(AlertProgressChange change, CancellationToken cancellationToken);
}
