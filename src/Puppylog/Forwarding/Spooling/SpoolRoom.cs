using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Puppylog.Records;
using Puppylog.Sources;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Forwarding.Spooling;

/// <summary>All spools of an agent: those of the sources that it reads now, and what is left of others.</summary>
sealed class SpoolRoom : IDisposable
{
    readonly IFileSystem _files;
    readonly Func<string, LogSource> _probe;
    readonly string _directory;
    readonly Action<string> _notice;
    readonly TimeProvider _clock;
    readonly SpoolBudget _budget;
    // Both by directory; changed under the lock, and intakes asked for without it: stopping one takes a while.
    readonly Dictionary<string, Spool> _spools = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, SpoolIntake> _intakes = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    SpoolRoom(IFileSystem files, string directory, long limit, Action<string> notice, TimeProvider clock, Func<string, LogSource> probe)
    {
        _probe = probe;
        _files = files;
        _directory = directory;
        _notice = notice;
        _clock = clock;
        _budget = new(limit);
    }

    /// <summary>Sources that could not be read, or not to their end: one sentence each.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _intakes.Values.Select(intake => intake.Failure).OfType<string>()];
            }
        }
    }

    /// <summary>Bytes on disk.</summary>
    public long Bytes => _budget.Used;

    /// <summary>Opens the spools that are there.</summary>
    /// <param name="directory">Where spools are; made where it is missing, its parent is there.</param>
    /// <param name="limit">Bytes that all of them may have.</param>
    /// <param name="probe">Makes the source of a name, of which nothing is then read.</param>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static SpoolRoom Open(
        IFileSystem files, string directory, long limit, Action<string> notice, TimeProvider clock, Func<string, LogSource> probe)
    {
        files.CreateDirectory(directory);
        files.SyncDirectory(Path.GetDirectoryName(directory)!);

        var room = new SpoolRoom(files, directory, limit, notice, clock, probe);
        foreach (var place in files.ListFiles(directory).Select(Path.GetDirectoryName).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        {
            room._spools.Add(place, Spool.Open(files, place, new(Guid.Empty, "a source of before", null), room._budget, notice));
        }

        return room;
    }

    /// <summary>Begins to keep a source's lines, unless it is done already, or to try again one that could not be read.</summary>
    /// <param name="name">The source as it was named.</param>
    /// <param name="open">Makes the source; it is told whom to wake.</param>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public void Take(string name, string? path, Func<Action, LogSource> open)
    {
        lock (_lock)
        {
            var place = PlaceOf(name);
            if (_intakes.TryGetValue(place, out var before))
            {
                if (before is not { IsEnded: true, Failure: not null })
                {
                    return;
                }

                before.Dispose();
            }

            if (!_spools.TryGetValue(place, out var spool))
            {
                spool = Spool.Open(_files, place, new(Guid.Empty, name, path), _budget, _notice);
                _spools.Add(place, spool);
            }

            var intake = new SpoolIntake(spool, _budget, open, _notice, _clock);
            _intakes[place] = intake;
            intake.Start();
        }
    }

    /// <summary>Takes no more of the sources that are not named; what was taken stays to be sent.</summary>
    /// <param name="names">Of the sources that go on.</param>
    public void Keep(IEnumerable<string> names)
    {
        var places = names.Select(PlaceOf).ToHashSet(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var (place, intake) in _intakes.Where(entry => !places.Contains(entry.Key)).ToList())
            {
                intake.Dispose();
                _intakes.TryRemove(place, out _);
            }
        }
    }

    /// <summary>The source of what was taken of a source, for a collector; null where nothing ever was.</summary>
    public LogSource? TryOpen(string name, SourceContext context)
    {
        lock (_lock)
        {
            var place = PlaceOf(name);
            return _spools.TryGetValue(place, out var spool) ? Open(place, spool, context) : null;
        }
    }

    /// <summary>A source for each spool of which the source is not read any more.</summary>
    public IReadOnlyList<Func<SourceContext, LogSource>> Left()
    {
        lock (_lock)
        {
            return [.. _spools.Where(entry => !_intakes.ContainsKey(entry.Key)).Select(entry => (Func<SourceContext, LogSource>)(context => Open(entry.Key, entry.Value, context)))];
        }
    }

    SpoolSource Open(string place, Spool spool, SourceContext context) => new(spool, Kept(spool.Origin.Name), () => _intakes.GetValueOrDefault(place), context);

    string PlaceOf(string name) => Path.Combine(_directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8)));

    LogSource? Kept(string name)
    {
        try
        {
            using var kept = _probe(name);
            return kept;
        }
        catch (FormatException)
        {
            // The name of a source that this program does not know.
            return null;
        }
    }

    /// <summary>The server has stored a position; those of files are none of ours.</summary>
    public void Acknowledge(SourcePosition position)
    {
        List<Spool> spools;
        lock (_lock)
        {
            spools = [.. _spools.Values];
        }

        foreach (var spool in spools)
        {
            if (position.Source == SpoolSource.SourceName(spool.Origin) && position.Generation == spool.Generation)
            {
                spool.Acknowledge(position.Offset);
            }
        }
    }

    /// <summary>Ends the intake: what was taken of the sources is on disk when this returns.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            foreach (var intake in _intakes.Values)
            {
                intake.Dispose();
            }
        }
    }

    public void Dispose()
    {
        Stop();
        foreach (var spool in _spools.Values)
        {
            spool.Dispose();
        }
    }
}
