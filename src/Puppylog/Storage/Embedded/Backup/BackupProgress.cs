namespace Puppylog.Storage.Embedded.Backup;

/// <summary>How far a backup is; read by whoever shows it.</summary>
sealed class BackupProgress
{
    long _bytes;
    long _total;

    /// <summary>Bytes of segments that are in the backup.</summary>
    public long Bytes { get => Volatile.Read(ref _bytes); set => Volatile.Write(ref _bytes, value); }

    /// <summary>Bytes of segments that there are.</summary>
    public long Total { get => Volatile.Read(ref _total); set => Volatile.Write(ref _total, value); }
}
