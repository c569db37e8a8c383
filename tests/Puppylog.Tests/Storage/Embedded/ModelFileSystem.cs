using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>
/// A file system in memory that crashes, fills up and fails when told to. After a crash only what was synced is certain:
/// files with their bytes, directories with their entries.
/// </summary>
sealed class ModelFileSystem(Random random) : IFileSystem
{
    readonly Lock _gate = new();
    Dictionary<string, ModelFile?> _entries = [];
    Dictionary<string, ModelFile?> _durable = [];

    /// <summary>Operations until the machine crashes; negative: never.</summary>
    public int CrashAfter { get; set; } = -1;

    /// <summary>The machine crashes in the next operation of this name.</summary>
    public string? CrashAt { get; set; }

    public bool IsDead { get; private set; }

    /// <summary>What has hit an operation so far, each once: <c>crash sync</c>, <c>28 write</c>.</summary>
    public HashSet<string> Hits { get; } = [];

    /// <summary>An operation's name and path: what it fails with, if anything.</summary>
    public Func<string, string, IOException?>? Fault { get; set; }

    public List<string> Operations { get; } = [];

    /// <summary>Counts an operation of something else, e.g. of the catalogue.</summary>
    public void Count(string operation) => Enter(operation, "");

    public void Crash()
    {
        lock (_gate)
        {
            foreach (var (path, file) in _entries)
            {
                if (!_durable.ContainsKey(path) && random.Next(2) == 0)
                {
                    _durable[path] = file;
                }
            }

            // What lies in a directory that is lost is lost.
            _entries = _durable.Where(entry => IsReachable(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value);
            _durable = new(_entries);
            foreach (var file in _entries.Values)
            {
                file?.Crash(random);
            }

            IsDead = false;
            CrashAfter = -1;
            CrashAt = null;
        }
    }

    public byte[] Content(string path)
    {
        lock (_gate)
        {
            return _entries[path]!.Current.ToArray();
        }
    }

    public bool FileExists(string path)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(path) is not null;
        }
    }

    public long Length(string path)
    {
        lock (_gate)
        {
            return File(path).Current.Length;
        }
    }

    public IReadOnlyList<string> ListFiles(string directory)
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => entry.Value is not null && entry.Key.StartsWith(directory + "/", StringComparison.Ordinal)).Select(entry => entry.Key)];
        }
    }

    public bool CreateDirectory(string path)
    {
        Enter("mkdir", path);
        lock (_gate)
        {
            return _entries.TryAdd(path, null);
        }
    }

    public void SyncDirectory(string path)
    {
        Enter("syncdir", path);
        lock (_gate)
        {
            foreach (var entry in _durable.Keys.Where(entry => Path.GetDirectoryName(entry) == path).ToList())
            {
                _durable.Remove(entry);
            }

            foreach (var (entry, file) in _entries.Where(entry => Path.GetDirectoryName(entry.Key) == path))
            {
                _durable[entry] = file;
            }
        }
    }

    public StoreFile Create(string path)
    {
        Enter("create", path);
        lock (_gate)
        {
            if (!_entries.ContainsKey(Path.GetDirectoryName(path)!) && Path.GetDirectoryName(path)!.Contains("/data/", StringComparison.Ordinal))
            {
                throw new DirectoryNotFoundException(path);
            }

            return _entries.TryAdd(path, new ModelFile()) ? new Handle(this, path, File(path)) : throw new IOException($"exists: {path}", 17);
        }
    }

    public StoreFile OpenWrite(string path) => OpenRead(path);

    public StoreFile OpenRead(string path)
    {
        lock (_gate)
        {
            return new Handle(this, path, File(path));
        }
    }

    public bool TryLink(string from, string to)
    {
        Enter("link", from);
        lock (_gate)
        {
            return _entries.TryAdd(to, File(from));
        }
    }

    public void Move(string from, string to)
    {
        Enter("move", from);
        lock (_gate)
        {
            _entries[to] = File(from);
            _entries.Remove(from);
        }
    }

    public void Delete(string path)
    {
        Enter("delete", path);
        lock (_gate)
        {
            _entries.Remove(path);
        }
    }

    public bool TryDeleteDirectory(string path)
    {
        Enter("rmdir", path);
        lock (_gate)
        {
            return _entries.TryGetValue(path, out var file) && file is null
                && !_entries.Keys.Any(entry => entry.StartsWith(path + "/", StringComparison.Ordinal))
                && _entries.Remove(path);
        }
    }

    bool IsReachable(string path)
    {
        var parent = Path.GetDirectoryName(path)!;
        return parent.EndsWith("/data", StringComparison.Ordinal) || !parent.Contains("/data/", StringComparison.Ordinal)
            || (_durable.ContainsKey(parent) && IsReachable(parent));
    }

    ModelFile File(string path) => _entries.GetValueOrDefault(path) ?? throw new FileNotFoundException(path);

    void Enter(string operation, string path)
    {
        lock (_gate)
        {
            Operations.Add($"{operation} {path}");
            if (IsDead || CrashAfter == 0 || CrashAt == operation)
            {
                if (!IsDead)
                {
                    Hits.Add($"crash {operation}");
                }

                IsDead = true;
                throw new IOException("the machine has crashed", 5);
            }

            CrashAfter = Math.Max(-1, CrashAfter - 1);
        }

        if (Fault?.Invoke(operation, path) is { } fault)
        {
            lock (_gate)
            {
                Hits.Add($"{fault.HResult} {operation}");
            }

            throw fault;
        }
    }

    sealed class Handle(ModelFileSystem system, string path, ModelFile file) : StoreFile
    {
        public override long Length
        {
            get
            {
                lock (system._gate)
                {
                    return file.Current.Length;
                }
            }
        }

        public override void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
        {
            var bytes = pieces.SelectMany(piece => piece.ToArray()).ToArray();
            try
            {
                system.Enter("write", path);
            }
            catch (IOException)
            {
                // What fails or is interrupted has been done in part.
                lock (system._gate)
                {
                    file.Write(offset, bytes[..(bytes.Length / 3)]);
                }

                throw;
            }

            lock (system._gate)
            {
                file.Write(offset, bytes);
            }
        }

        public override int Read(long offset, Span<byte> target)
        {
            lock (system._gate)
            {
                file.Current.Position = offset;
                return file.Current.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            }
        }

        public override void SetLength(long length)
        {
            system.Enter("cut", path);
            lock (system._gate)
            {
                file.SetLength(length);
            }
        }

        public override void Sync()
        {
            try
            {
                system.Enter("sync", path);
            }
            catch (IOException)
            {
                lock (system._gate)
                {
                    if (!system.IsDead)
                    {
                        file.FailSync();
                    }
                }

                throw;
            }

            lock (system._gate)
            {
                file.Sync();
            }
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
