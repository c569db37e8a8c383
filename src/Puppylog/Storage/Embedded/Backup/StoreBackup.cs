using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Backup;

/// <summary>
/// Makes a second data directory with what a store holds at one moment, beside its writer or without one. The catalogue's
/// snapshot is that moment: what it records of the segments does not change any more, so they can be linked, or copied up to
/// their recorded length, in peace. The target has its name only once all of it is on disk.
/// </summary>
/// <remarks>Also the way of a restore: a backup is a data directory.</remarks>
sealed class StoreBackup(string source, string target, EmbeddedStoreOptions options, BackupOptions backup, BackupProgress progress)
{
    /// <summary>How often the work is begun again because compaction or retention has taken a segment away.</summary>
    const int Attempts = 20;

    readonly IFileSystem _files = options.Files;

    /// <exception cref="LogStoreException">There is no store, the target is not empty, or it cannot be written; nothing is left of it then.</exception>
    public BackupReport Run(CancellationToken cancellationToken)
    {
        var (from, to) = (Path.GetFullPath(source), Path.GetFullPath(target).TrimEnd('/'));
        RefuseTarget(from, to);
        var draft = $"{to}.partial-{Environment.ProcessId}";
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                Discard(draft);
                try
                {
                    var report = Fill(from, draft, cancellationToken);
                    PosixCalls.Rename(draft, to);
                    _files.SyncDirectory(Path.GetDirectoryName(to)!);
                    return report;
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && attempt < Attempts)
                {
                    // The catalogue has forgotten the file since: the next snapshot does not name it.
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(draft);
            throw new LogStoreException(Explain(from, to, e), e);
        }
        catch
        {
            Discard(draft);
            throw;
        }
    }

    static void RefuseTarget(string from, string to)
    {
        if (File.Exists(to))
        {
            throw new LogStoreException($"{to} is a file; name a directory that does not exist yet");
        }

        if (to == from || to.StartsWith(from + "/", StringComparison.Ordinal))
        {
            throw new LogStoreException($"{to} lies in the store itself; name a directory outside of it");
        }

        try
        {
            if (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any())
            {
                throw new LogStoreException($"{to} is not empty, and nothing is overwritten; name a directory that does not exist yet");
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw new LogStoreException($"{to} cannot be read: permission denied");
        }
    }

    BackupReport Fill(string from, string draft, CancellationToken cancellationToken)
    {
        using var catalog = CatalogReader.Open(from);
        Directory.CreateDirectory(Path.GetDirectoryName(draft)!);
        _files.CreateDirectory(draft);
        catalog.CopyTo(DataLayout.CatalogFile(draft));
        using var copy = CatalogReader.Open(draft);
        var image = copy.Image(draft);
        progress.Bytes = 0;
        progress.Total = image.Segments.Sum(row => row.Length);
        var lost = image.Segments.Count == 0 ? [] : LostSegments(image);
        var (linked, linkedBytes, copied, copiedBytes) = (0, 0L, 0, 0L);
        var folders = new HashSet<string> { DataLayout.Days(draft) };
        if (image.Segments.Count > 0)
        {
            _files.CreateDirectory(DataLayout.Days(draft));
        }

        foreach (var row in image.Segments.Where(row => !lost.Contains(row.Id)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = DataLayout.SegmentFile(row.Id, row.Day);
            var (original, second) = (Path.Combine(from, path), Path.Combine(draft, path));
            if (folders.Add(Path.GetDirectoryName(second)!))
            {
                _files.CreateDirectory(Path.GetDirectoryName(second)!);
            }

            if (row.State != SegmentState.Open && (TryLink(original, second) || TryLinkFromBase(original, path, row, second)))
            {
                (linked, linkedBytes) = (linked + 1, linkedBytes + row.Length);
                progress.Bytes += row.Length;
            }
            else
            {
                (copied, copiedBytes) = (copied + 1, copiedBytes + Copy(original, second, row.Length, cancellationToken, read => progress.Bytes += read));
            }
        }

        foreach (var folder in folders.Where(Directory.Exists).Append(draft))
        {
            _files.SyncDirectory(folder);
        }

        SyncFile(DataLayout.CatalogFile(draft));
        GroupCatalog.File.Write(_files, draft, GroupCatalog.Read(draft));
        if (ApiKeyCatalog.Read(draft) is { Count: > 0 } keys)
        {
            ApiKeyCatalog.File.Write(_files, draft, keys);
        }

        if (MetricCatalog.Read(draft) is { Count: > 0 } metrics)
        {
            MetricCatalog.File.Write(_files, draft, metrics);
        }

        if (AlertCatalog.Read(draft) is { Count: > 0 } alerts)
        {
            AlertCatalog.File.Write(_files, draft, alerts);
        }

        // After the snapshot: what that has told of and no longer holds is in here.
        if (_files.FileExists(DataLayout.OutboxFile(from)))
        {
            var outbox = DataLayout.OutboxFile(from);
            Copy(outbox, DataLayout.OutboxFile(draft), _files.Length(outbox), cancellationToken);
            _files.SyncDirectory(draft);
        }

        return new(image.LastCommit, image.Blocks.Sum(block => (long)block.Frame.Records), linked, linkedBytes, copied, copiedBytes);
    }

    /// <summary>Segments that are damaged to the point of not being there: the backup lacks them as the store does.</summary>
    HashSet<long> LostSegments(CatalogImage image)
    {
        var missing = image.Segments.Where(row => !_files.FileExists(Path.Combine(Path.GetFullPath(source), DataLayout.SegmentFile(row.Id, row.Day)))).Select(row => row.Id).ToHashSet();
        if (missing.Count > 0)
        {
            using var again = CatalogReader.Open(Path.GetFullPath(source));
            missing.IntersectWith(again.Image(source).Segments.Select(row => row.Id));
        }

        return missing;
    }

    bool TryLink(string original, string second) => !backup.CopyAll && _files.TryLink(original, second);

    /// <summary>Sealed segments do not change: one of the same number, length and index is the same.</summary>
    bool TryLinkFromBase(string original, string path, SegmentRow row, string second)
    {
        if (backup.Base is null || row.State != SegmentState.Sealed)
        {
            return false;
        }

        var earlier = Path.Combine(Path.GetFullPath(backup.Base), path);
        return _files.FileExists(earlier) && SealedFile.IsSame(_files, original, earlier, row.Length) && _files.TryLink(earlier, second);
    }

    long Copy(string original, string second, long length, CancellationToken cancellationToken, Action<int>? copied = null)
    {
        using var from = _files.OpenRead(original);
        using var to = _files.Create(second);
        var buffer = new byte[1 << 20];
        long at = 0;
        while (at < length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = from.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)));
            if (read == 0)
            {
                // Damaged, as verify says; the rest is as good as it was.
                break;
            }

            to.Write(at, [buffer.AsMemory(0, read)]);
            at += read;
            copied?.Invoke(read);
        }

        to.Sync();
        return at;
    }

    static void SyncFile(string path)
    {
        using var file = LocalFileSystem.Instance.OpenWrite(path);
        file.Sync();
    }

    static string Explain(string from, string to, Exception e) => e switch
    {
        _ when DiskErrors.IsDiskFull(e) => $"the disk that is to hold {to} is full; nothing is left of it",
        UnauthorizedAccessException => $"cannot copy {from} to {to}: {e.Message}; run it as a user who may read the one and write the other",
        _ => $"cannot copy {from} to {to}: {e.Message}",
    };

    static void Discard(string draft)
    {
        try
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has a name that says what it is.
        }
    }
}
