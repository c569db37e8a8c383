namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The catalogue is lost or its contents are: it can be rebuilt from the segments.</summary>
sealed class DamagedCatalogException(string message, Exception? inner = null) : LogStoreException(message, inner);
