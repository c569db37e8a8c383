using System.Text.Json;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.App.Collecting;

/// <summary>What the processes that collect into a data directory tell of their sources.</summary>
static class CollectorFiles
{
    /// <summary>A file may be read while it is written.</summary>
    const int Tries = 5;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The collectors that live, by their numbers.</summary>
    public static IReadOnlyList<CollectorState> Read(string directory)
    {
        var folder = DataLayout.Collectors(directory);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return [.. Directory.GetFiles(folder, "*.json").Select(TryRead).OfType<CollectorState>().OrderBy(state => state.Process)];
    }

    /// <summary>Removes what processes have left that were killed.</summary>
    public static void RemoveDead(string folder)
    {
        foreach (var path in Directory.GetFiles(folder, "*.json"))
        {
            using var handle = PosixCalls.OpenUnlocked(path);
            if (PosixCalls.TryLock(handle))
            {
                File.Delete(path);
            }
        }
    }

    static CollectorState? TryRead(string path)
    {
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                using var handle = PosixCalls.OpenReadOnly(path);
                if (PosixCalls.TryLockShared(handle))
                {
                    return null;
                }

                var bytes = new byte[RandomAccess.GetLength(handle)];
                var length = RandomAccess.Read(handle, bytes, 0);
                return JsonSerializer.Deserialize(bytes.AsSpan(0, length), CollectorJson.Default.CollectorState);
            }
            catch (JsonException)
            {
                Thread.Sleep(Pause);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        return null;
    }
}
