namespace Puppylog.Configuration;

/// <param name="Data">The embedded store's directory; null: <c>$PUPPYLOG_DATA</c>, else the one of the user.</param>
sealed record StoreConfiguration(string? Data = null);
