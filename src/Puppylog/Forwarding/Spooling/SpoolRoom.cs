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
    readonly string _directory;
    readonly Action<string> _notice;
    readonly TimeProvider _clock;
    readonly SpoolBudget _budget;
    readonly Dictionary<string, Spool> _spools = new(StringComparer.Ordinal);
    readonly Dictionary<string, SpoolIntake> _intakes = new(StringComparer.Ordinal);

    SpoolRoom(IFileSystem files, string directory, long limit, Action<string> notice, TimeProvider clock)
    {
        _files = files;
        _directory = directory;
        _notice = notice;
        _clock = clock;
        _budget = new(limit);
    }

    /// <summary>Sources that could not be read, or not to their end: one sentence each.</summary>
    public IEnumerable<string> Failures => _intakes.Values.Select(intake => intake.Failure).OfType<string>();

    /// <summary>Bytes on disk.</summary>
    public long Bytes => _budget.Used;

    /// <summary>Opens the spools that are there.</summary>
    /// <param name="directory">Where spools are; made where it is missing, its parent is there.</param>
    /// <param name="limit">Bytes that all of them may have.</param>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static SpoolRoom Open(IFileSystem files, string directory, long limit, Action<string> notice, TimeProvider clock)
    {
        if (files.CreateDirectory(directory))
        {
            files.SyncDirectory(Path.GetDirectoryName(directory)!);
        }

        var room = new SpoolRoom(files, directory, limit, notice, clock);
        foreach (var place in files.ListFiles(directory).Select(Path.GetDirectoryName).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        {
            room._spools.Add(place, Spool.Open(files, place, new(Guid.Empty, "a source of before", null), room._budget, notice));
        }

        return room;
    }

    /// <summary>Begins to keep a source's lines.</summary>
    /// <param name="name">The source as it was named.</param>
    /// <param name="open">Makes the source; it is told whom to wake.</param>
    public void Take(string name, string? path, Func<Action, LogSource> open)
    {
        var place = Path.Combine(_directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8)));
        if (!_spools.TryGetValue(place, out var spool))
        {
            spool = Spool.Open(_files, place, new(Guid.Empty, name, path), _budget, _notice);
            _spools.Add(place, spool);
        }

        var intake = new SpoolIntake(spool, _budget, open, _notice, _clock);
        _intakes.Add(place, intake);
        intake.Start();
    }

    /// <summary>A source for each spool, for a collector.</summary>
    public List<Func<SourceContext, LogSource>> Sources() => _spools.Select(entry => (Func<SourceContext, LogSource>)(context =>
        new SpoolSource(entry.Value, () => _intakes.TryGetValue(entry.Key, out var intake) && !intake.IsEnded, context))).ToList();

    /// <summary>The server has stored a position; those of files are none of ours.</summary>
    public void Acknowledge(SourcePosition position)
    {
        foreach (var spool in _spools.Values)
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
        foreach (var intake in _intakes.Values)
        {
            intake.Dispose();
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
