using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>
/// Open handles of segment files for reading, of which the ones unused longest are closed first, and what is kept of their
/// blocks. Thread-safe.
/// </summary>
/// <param name="files">The file system.</param>
/// <param name="directory">The data directory.</param>
/// <param name="cacheLength">Bytes of decoded columns that are kept.</param>
sealed class SegmentFiles(IFileSystem files, string directory, long cacheLength) : IDisposable
{
    /// <summary>Directories are small and asked by every query: columns must not push them out.</summary>
    const long OpenedLength = 32L << 20;

    const int MaxIdle = 128;

    readonly Lock _gate = new();
    readonly Dictionary<long, Entry> _open = [];
    long _uses;
    bool _disposed;

    /// <exception cref="CorruptDataException">The range is not there.</exception>
    public void Read(long segment, int? day, long offset, Span<byte> target)
    {
        if (offset < 0)
        {
            throw new CorruptDataException($"{DataLayout.SegmentFile(segment, day)}: the catalogue has a block before its beginning");
        }

        var entry = Lease(segment, day);
        try
        {
            if (entry.File.Read(offset, target) != target.Length)
            {
                throw new CorruptDataException($"{DataLayout.SegmentFile(segment, day)} ends before byte {offset + target.Length}");
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new CorruptDataException($"{DataLayout.SegmentFile(segment, day)} cannot be read at byte {offset}: {e.Message}", e);
        }
        finally
        {
            Return(entry);
        }
    }

    /// <summary>Blocks whose directory was read.</summary>
    public BlockCache Opened { get; } = new(Math.Min(OpenedLength, cacheLength));

    /// <summary>Decoded columns.</summary>
    public BlockCache Columns { get; } = new(cacheLength);

    /// <summary>
    /// Opens a segment's file and keeps it open until <see cref="Unpin"/>, so that what is being read stays readable when
    /// compaction or retention removes the file.
    /// </summary>
    /// <exception cref="SegmentGoneException">There is no such file.</exception>
    /// <exception cref="CorruptDataException">It cannot be opened.</exception>
    public void Pin(long segment, int? day)
    {
        lock (_gate)
        {
            var entry = Lease(segment, day);
            entry.Pins++;
            entry.Leases--;
        }
    }

    public void Unpin(long segment)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(segment, out var entry))
            {
                entry.Pins--;
            }
        }
    }

    /// <summary>
    /// Closes files that were removed and that nobody reads: until then they take their room on the disk. What is kept of
    /// their blocks goes first, as it keeps them open.
    /// </summary>
    public void CloseRemoved()
    {
        var removed = new HashSet<long>();
        lock (_gate)
        {
            foreach (var (segment, entry) in _open.ToList())
            {
                if (files.FileExists(Path.Combine(directory, DataLayout.SegmentFile(segment, entry.Day))))
                {
                    continue;
                }

                removed.Add(segment);
                if (entry is { Leases: 0, Pins: 0 })
                {
                    _open.Remove(segment);
                    entry.File.Dispose();
                }
            }
        }

        if (removed.Count > 0)
        {
            Opened.Forget(removed);
            Columns.Forget(removed);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var entry in _open.Values.Where(entry => entry.Leases == 0))
            {
                entry.File.Dispose();
            }

            _open.Clear();
        }
    }

    Entry Lease(long segment, int? day)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(segment, out var entry))
            {
                try
                {
                    entry = new Entry(files.OpenRead(Path.Combine(directory, DataLayout.SegmentFile(segment, day))), day);
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
                {
                    throw new SegmentGoneException($"{DataLayout.SegmentFile(segment, day)} cannot be opened: {e.Message}", e);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new CorruptDataException($"{DataLayout.SegmentFile(segment, day)} cannot be opened: {e.Message}", e);
                }

                if (!_disposed)
                {
                    _open.Add(segment, entry);
                    CloseSurplus(segment);
                }
            }

            entry.Leases++;
            entry.LastUse = ++_uses;
            return entry;
        }
    }

    void Return(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Leases == 0 && _disposed)
            {
                entry.File.Dispose();
            }
        }
    }

    void CloseSurplus(long keep)
    {
        if (_open.Count <= MaxIdle)
        {
            return;
        }

        var oldest = _open.Where(pair => pair.Value is { Leases: 0, Pins: 0 } && pair.Key != keep).OrderBy(pair => pair.Value.LastUse).FirstOrDefault();
        if (oldest.Value is not null)
        {
            _open.Remove(oldest.Key);
            oldest.Value.File.Dispose();
        }
    }

    sealed class Entry(StoreFile file, int? day)
    {
        public StoreFile File { get; } = file;

        public int? Day { get; } = day;

        public int Leases { get; set; }

        /// <summary>Views that read from it now and then.</summary>
        public int Pins { get; set; }

        public long LastUse { get; set; }
    }
}
