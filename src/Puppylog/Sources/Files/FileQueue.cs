using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>The files that one source has open, in the order of their turns; each is claimed in the book of positions while it is here.</summary>
sealed class FileQueue(SourceContext context)
{
    /// <summary>How long a file that lost its place must have been silent to be let go of.</summary>
    public static readonly TimeSpan LostSilence = TimeSpan.FromSeconds(60);

    // Oldest first; the last one is, or was, the path's.
    readonly List<OpenFile> _files = [];
    // Read to their end, their successor's turn has come; late lines of a writer that still has them open are read too.
    readonly List<OpenFile> _late = [];
    // What is to be known of files that are not read.
    Queue<SourcePosition>? _known;

    /// <summary>Those whose turn it is, or will be.</summary>
    public IReadOnlyList<OpenFile> Files => _files;

    public IEnumerable<OpenFile> All => _files.Concat(_late);

    /// <summary>True where nothing is open whose silence has to be timed.</summary>
    public bool HasOneAtMost => _late.Count == 0 && _files.Count <= 1;

    public bool IsEmpty => _files.Count == 0 && _late.Count == 0;

    public long Remaining => _files.Sum(file => file.Remaining);

    public bool IsUndecided => _files.Exists(file => file.IsUndecided);

    public bool IsOpen(FileIdentity identity) => _files.Exists(file => file.Identity == identity) || _late.Exists(file => file.Identity == identity);

    public int PlaceOf(OpenFile file) => _files.IndexOf(file);

    public void Insert(int place, OpenFile file) => _files.Insert(place, file);

    /// <summary>The path has a file again that is open: what had its place for a while is read first. False where it is not open.</summary>
    public bool TryMoveLast(FileIdentity identity)
    {
        if (_files.Count > 0 && _files[^1].Identity == identity)
        {
            return true;
        }

        if (All.FirstOrDefault(file => file.Identity == identity) is not { } open)
        {
            return false;
        }

        _files.Remove(open);
        _late.Remove(open);
        _files.Add(open);
        return true;
    }

    /// <summary>Its successor's turn has come.</summary>
    public void MoveLate(OpenFile file)
    {
        _files.Remove(file);
        _late.Add(file);
    }

    public void Close(OpenFile file)
    {
        _files.Remove(file);
        _late.Remove(file);
        context.Positions.Release(file.Identity);
        file.Dispose();
    }

    public void CloseAll()
    {
        foreach (var file in All.ToList())
        {
            Close(file);
        }
    }

    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <returns>True where one was empty for long and is not any more.</returns>
    public bool LookAtAll()
    {
        var cameUnseen = false;
        foreach (var file in _files)
        {
            file.Look();
            cameUnseen |= file.CameUnseen;
        }

        foreach (var file in _late)
        {
            file.Look();
        }

        return cameUnseen;
    }

    public void NotePositions()
    {
        foreach (var file in All)
        {
            file.NotePosition();
        }
    }

    /// <summary>A position is to be kept that nothing is read for.</summary>
    public void Announce(SourcePosition position) => (_known ??= new()).Enqueue(position);

    /// <summary>An empty run of a content whose position is to be kept before anything of it is read.</summary>
    public bool TryAnnounce(out LineRun run)
    {
        if (_known?.TryDequeue(out var known) == true)
        {
            run = new LineRun(default, SourceContent.At(known), known.Offset);
            return true;
        }

        foreach (var file in _files)
        {
            if (file.TryAnnounce(out run))
            {
                return true;
            }
        }

        run = default;
        return false;
    }

    /// <summary>Late lines; closes what was silent for long.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public bool TryReadLate(out LineRun run)
    {
        foreach (var file in _late)
        {
            if (file.TryRead(out run))
            {
                return true;
            }

            if (file.Remaining == 0 && context.Clock.GetElapsedTime(file.LastRead) >= LostSilence)
            {
                if (file.TryFinish(out run))
                {
                    return true;
                }

                Close(file);
                break;
            }
        }

        run = default;
        return false;
    }
}
