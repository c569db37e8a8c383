using System.Globalization;
using System.Net.Sockets;
using Puppylog.Diagnostics;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Remote;

namespace Puppylog.App.Doctor;

/// <summary>The store in a data directory: who writes it, whether it opens, what was set aside.</summary>
static class StoreChecks
{
    static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<Finding>> RunAsync(string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (!Directory.Exists(directory))
        {
            return findings;
        }

        try
        {
            findings.Add(await WriterAsync(directory, clock, cancellationToken));
            findings.Add(await OpensAsync(directory, clock, cancellationToken));
            findings.Add(Quarantine(directory));
        }
        catch (UnauthorizedAccessException)
        {
            findings.Add(Finding.Error("store", "permission denied", "run as the directory's owner"));
        }

        return findings;
    }

    /// <summary>The process that holds an exclusive lock on a file, from the text of <c>/proc/locks</c> (proc_locks(5)).</summary>
    public static int? LockHolder(string locks, ulong inode)
    {
        foreach (var line in locks.Split('\n'))
        {
            // 1: FLOCK  ADVISORY  WRITE 708 08:01:3932178 0 EOF
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 6 && fields[1] != "->" && fields[3] == "WRITE"
                && fields[5].Split(':') is [_, _, var number] && ulong.TryParse(number, CultureInfo.InvariantCulture, out var locked) && locked == inode
                && int.TryParse(fields[4], CultureInfo.InvariantCulture, out var process))
            {
                return process;
            }
        }

        return null;
    }

    static async Task<Finding> WriterAsync(string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!FileStatus.TryRead(Path.Combine(directory, "lock"), out var status) || SystemChecks.TryReadText("/proc/locks") is not { } locks)
        {
            return Finding.Ok("writer", "none");
        }

        if (LockHolder(locks, status.Inode) is not { } process)
        {
            return Finding.Ok("writer", "none: the directory is free");
        }

        return await AnswersAsync(directory, clock, cancellationToken)
            ? Finding.Ok("writer", $"{ProcessName(process)} has the store open for writing and answers; other commands go through it")
            : Finding.Error("writer", $"{ProcessName(process)} holds the store but does not answer", "continue or end that process; until then nothing else can write, and nothing follows");
    }

    /// <summary>Whether the writer greets within <see cref="AnswerTime"/>.</summary>
    static async Task<bool> AnswersAsync(string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(AnswerTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await using var link = await RemoteLink.ConnectAsync(directory, null, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception wrong) when (wrong is SocketException or WriterGoneException or IOException or ArgumentException)
        {
            return false;
        }
    }

    static async Task<Finding> OpensAsync(string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(directory, "catalog.db")))
        {
            return Finding.Ok("store", "empty: nothing was collected yet");
        }

        try
        {
            await using var store = await EmbeddedStore.OpenReaderAsync(directory, clock, cancellationToken);
            var sources = await store.ReadPositionsAsync(cancellationToken);
            return store.Trouble is { } trouble
                ? Finding.Warning("store", trouble, "see what it says; collecting goes on by itself when it is over")
                : Finding.Ok("store", $"opens; {sources.Count} {(sources.Count == 1 ? "source has" : "sources have")} a position");
        }
        catch (LogStoreException wrong)
        {
            return Finding.Error("store", wrong.Message, "do what the message says; nothing is deleted by itself");
        }
    }

    static Finding Quarantine(string directory)
    {
        var quarantine = Path.Combine(directory, "quarantine");
        var files = Directory.Exists(quarantine) ? Directory.GetFiles(quarantine).Length : 0;
        return files == 0
            ? Finding.Ok("quarantine", "empty")
            : Finding.Warning("quarantine", $"{files} {(files == 1 ? "file was" : "files were")} set aside", $"read the notes in {quarantine}; check the disk");
    }

    static string ProcessName(int process)
    {
        var name = SystemChecks.TryReadText($"/proc/{process}/comm")?.Trim();
        return string.Create(CultureInfo.InvariantCulture, $"{name ?? "a process"} (pid {process})");
    }
}
