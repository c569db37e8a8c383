using System.Text.Json;
using Puppylog.Alerts.Notices;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Alerts.Outbox;

/// <summary>
/// An outbox in a file of JSON lines, each synced before it counts: what was put, told and failed, in that order. A line that
/// a crash tore counts as not written. It has one owner.
/// </summary>
sealed class FileOutbox : IOutbox, IDisposable
{
    /// <summary>Bytes from which on the file is written anew without what is done.</summary>
    const long LongestFile = 8 << 20;

    readonly Lock _lock = new();
    readonly IFileSystem _files;
    readonly string _path;
    readonly MemoryOutbox _memory = new();
    StoreFile _file;
    long _length;
    long _rewriteFrom = LongestFile;

    /// <summary>A write or sync of it failed: nobody knows what the disk has, and it is replaced before the next line.</summary>
    bool _isSuspect;

    FileOutbox(IFileSystem files, string path, StoreFile file) => (_files, _path, _file) = (files, path, file);

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static FileOutbox Open(IFileSystem files, string path)
    {
        var isNew = !files.FileExists(path);
        var outbox = new FileOutbox(files, path, isNew ? files.Create(path) : files.OpenWrite(path));
        try
        {
            if (isNew)
            {
                files.SyncDirectory(Path.GetDirectoryName(path)!);
            }

            outbox.Load();
            return outbox;
        }
        catch
        {
            outbox.Dispose();
            throw;
        }
    }

    /// <summary>Lines that said nothing that is known.</summary>
    public int Unreadable { get; private set; }

    public int Put(IReadOnlyCollection<string> receivers, IReadOnlyCollection<Notice> notices)
    {
        lock (_lock)
        {
            var fresh = _memory.Fresh(receivers, notices);
            Append([.. fresh.Select(entry => new OutboxLine { Receiver = entry.Receiver, Put = entry.Notice })]);
            fresh.ForEach(_memory.Put);
            return fresh.Count;
        }
    }

    public IReadOnlyList<Notice> Pending(string receiver, int most) => _memory.Pending(receiver, most);

    public OutboxAttempts Attempts(string receiver) => _memory.Attempts(receiver);

    public void Told(string receiver, IReadOnlyCollection<string> keys)
    {
        lock (_lock)
        {
            // First in memory: told is told, and this process does not tell it again whatever the disk does.
            _memory.Told(receiver, keys);
            Append([new() { Receiver = receiver, Told = [.. keys] }]);
            if (_length > _rewriteFrom)
            {
                Rewrite();
                _rewriteFrom = Math.Max(LongestFile, 2 * _length);
            }
        }
    }

    public void Failed(string receiver, OutboxAttempts attempts)
    {
        lock (_lock)
        {
            _memory.Failed(receiver, attempts);
            Append([new() { Receiver = receiver, Failed = attempts }]);
        }
    }

    public void Dispose() => _file.Dispose();

    void Load()
    {
        var bytes = new byte[_file.Length];
        var rest = bytes.AsSpan(0, _file.Read(0, bytes));
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (!TryApply(rest[..end]))
            {
                Unreadable++;
            }

            rest = rest[(end + 1)..];
            _length += end + 1;
        }

        _file.SetLength(_length);
        _file.Sync();
    }

    bool TryApply(ReadOnlySpan<byte> text)
    {
        try
        {
            switch (JsonSerializer.Deserialize(text, OutboxJson.Default.OutboxLine))
            {
                case { Put: { } notice } line:
                    _memory.Put(new(line.Receiver, notice));
                    return true;
                case { Told: { } keys } line:
                    _memory.Told(line.Receiver, keys);
                    return true;
                case { Failed: { } attempts } line:
                    _memory.Failed(line.Receiver, attempts);
                    return true;
                default:
                    return false;
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    void Append(IReadOnlyCollection<OutboxLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        if (_isSuspect)
        {
            Rewrite();
        }

        var bytes = Bytes(lines);
        _isSuspect = true;
        _file.Write(_length, [bytes]);
        _file.Sync();
        (_isSuspect, _length) = (false, _length + bytes.Length);
    }

    void Rewrite()
    {
        var (pending, told, attempts) = _memory.All();
        var bytes = Bytes(
        [
            .. told.GroupBy(entry => entry.Receiver).Select(group => new OutboxLine { Receiver = group.Key, Told = [.. group.Select(entry => entry.Key)] }),
            .. pending.Select(entry => new OutboxLine { Receiver = entry.Receiver, Put = entry.Notice }),
            .. attempts.Select(entry => new OutboxLine { Receiver = entry.Key, Failed = entry.Value }),
        ]);
        var unfinished = _path + ".tmp";
        if (_files.FileExists(unfinished))
        {
            _files.Delete(unfinished);
        }

        var file = _files.Create(unfinished);
        try
        {
            file.Write(0, [bytes]);
            file.Sync();
            PosixCalls.Rename(unfinished, _path);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file.Dispose();
        (_file, _length, _isSuspect) = (file, bytes.Length, false);
        _files.SyncDirectory(Path.GetDirectoryName(_path)!);
    }

    static byte[] Bytes(IEnumerable<OutboxLine> lines)
    {
        var bytes = new MemoryStream();
        foreach (var line in lines)
        {
            bytes.Write(JsonSerializer.SerializeToUtf8Bytes(line, OutboxJson.Default.OutboxLine));
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }
}
