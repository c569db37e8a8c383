namespace Puppylog.Tests.Storage.Embedded;

/// <summary>A file's content as the program sees it, and as the disk has it.</summary>
sealed class ModelFile
{
    readonly List<Action<MemoryStream>> _unsynced = [];
    byte[] _durable = [];

    public MemoryStream Current { get; private set; } = new();

    public void Write(long offset, byte[] bytes)
    {
        Change(content => Put(content, offset, bytes), bytes.Length > 1 ? content => Put(content, offset, bytes[..(bytes.Length / 2)]) : null);
    }

    public void SetLength(long length) => Change(content => content.SetLength(length), null);

    public void Sync()
    {
        _durable = Current.ToArray();
        _unsynced.Clear();
    }

    /// <summary>What Linux does when writing back fails: the pages count as clean, the disk does not have them.</summary>
    public void FailSync() => _unsynced.Clear();

    /// <summary>Some of what was not synced is on disk, some is not, some half.</summary>
    public void Crash(Random random)
    {
        var content = new MemoryStream();
        content.Write(_durable);
        foreach (var change in _unsynced.Where(_ => random.Next(2) == 0))
        {
            change(content);
        }

        Current = content;
        Sync();
    }

    void Change(Action<MemoryStream> change, Action<MemoryStream>? torn)
    {
        change(Current);
        _unsynced.Add(change);
        if (torn is not null)
        {
            // Stands before the whole one, so that a crash may leave either.
            _unsynced.Insert(_unsynced.Count - 1, torn);
        }
    }

    static void Put(MemoryStream content, long offset, byte[] bytes)
    {
        content.Position = offset;
        content.Write(bytes);
    }
}
