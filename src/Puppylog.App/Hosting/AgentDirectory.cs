using Puppylog.App.Cli;
using Puppylog.Forwarding;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.App.Hosting;

/// <summary>Where an agent keeps what must survive it: <c>id</c>, <c>spool/</c>, and <c>lock</c> while it runs.</summary>
sealed class AgentDirectory : IDisposable
{
    readonly DirectoryLock _lock;

    AgentDirectory(string path, string id, DirectoryLock taken)
    {
        Path = path;
        Id = id;
        _lock = taken;
    }

    public string Path { get; }

    /// <summary>The agent's id, drawn when the directory was made: the server keeps positions under it.</summary>
    public string Id { get; }

    public string Spool => System.IO.Path.Combine(Path, "spool");

    /// <exception cref="UsageException">It cannot be used, or another agent does.</exception>
    public static AgentDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { } parent)
            {
                Directory.CreateDirectory(parent);
            }

            LocalFileSystem.Instance.CreateDirectory(path);
            var taken = DirectoryLock.TryTake(path)
                ?? throw new UsageException($"another agent{(DirectoryLock.Owner(path) is { } owner ? $" (pid {owner})" : "")} works in {path}; stop it, or name another directory with --data DIR");
            try
            {
                return new AgentDirectory(path, ReadId(path), taken);
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write into {path}: {e.Message}; name another directory with --data DIR");
        }
    }

    public void Dispose() => _lock.Dispose();

    static string ReadId(string directory)
    {
        var path = System.IO.Path.Combine(directory, "id");
        if (File.Exists(path))
        {
            var id = File.ReadAllText(path).Trim();
            return AgentName.IsValid(id) ? id : throw new UsageException($"{path} holds no agent's id; remove it, and this agent is a new one");
        }

        var drawn = Guid.NewGuid().ToString("N")[..16];
        var unfinished = path + ".tmp";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(drawn + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path);
        LocalFileSystem.Instance.SyncDirectory(directory);
        return drawn;
    }
}
