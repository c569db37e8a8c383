namespace Puppylog.Storage.Embedded.Backup;

/// <param name="CopyAll">Copy sealed segments too, where a second name would do: a copy of its own outlives a damaged disk block.</param>
/// <param name="Base">An earlier backup of the same store, whose segments are named again rather than copied; null for none.</param>
sealed record BackupOptions(bool CopyAll, string? Base);
