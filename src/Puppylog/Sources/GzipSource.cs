using System.IO.Compression;
using Puppylog.Diagnostics;

namespace Puppylog.Sources;

/// <summary>A compressed file, read once to its end. Its positions count decompressed bytes.</summary>
sealed class GzipSource(string name, SourceContext context) : LogSource(name)
{
    readonly string _path = Path.GetFullPath(name);
    readonly LineFramer _framer = new(context.MaxLine);
    ContentHead _head = new(0);
    SourceContent? _content;
    FileIdentity _identity;
    Stream? _stream;
    long _read;
    long _taken;
    bool _announce;

    public override string? FilePath => _path;

    protected override void LookNow()
    {
        if (IsEnded || _stream is not null)
        {
            return;
        }

        try
        {
            Open();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Fail($"cannot read {Name}: {(wrong is UnauthorizedAccessException ? "permission denied" : wrong.Message)}");
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        if (IsEnded || _content is null)
        {
            return false;
        }

        if (_announce)
        {
            _announce = false;
            run = new LineRun(default, _content, 0);
            return true;
        }

        while (true)
        {
            if (_framer.TryTake(out var lines))
            {
                run = Place(lines);
                return true;
            }

            if (!TryFill())
            {
                IsEnded = true;
                // After a failure the rest may be half a line.
                if (Failure is null && _framer.TryTakeRest(out var rest))
                {
                    run = Place(rest);
                    return true;
                }

                return false;
            }
        }
    }

    public override void Dispose()
    {
        _stream?.Dispose();
        _framer.Dispose();
        context.Positions.Release(_identity);
    }

    void Open()
    {
        if (!FileStatus.TryFind(_path, out var status))
        {
            Fail($"{Name}: no such file");
            return;
        }

        if (!context.Positions.TryClaim(status.Identity, this, out var reader))
        {
            context.Notice($"{Name} is the same file as {reader.Name}; it is read once");
            IsEnded = true;
            return;
        }

        _identity = status.Identity;
        Restart(status);
        var kept = context.Positions.Find(_identity.Source);
        if (kept is not null && Skip(kept.Offset) && kept.FingerprintLength <= _head.Length
            && _head.Fingerprint(kept.FingerprintLength) == kept.Fingerprint)
        {
            _taken = _read;
            _content = new SourceContent(_identity.Source, _path, kept.Generation, _head) { LinesTaken = kept.Line };
            return;
        }

        if (kept is not null)
        {
            Restart(status);
            _announce = true;
        }

        _content = new SourceContent(_identity.Source, _path, kept is null ? 0 : kept.Generation + 1, _head);
    }

    void Restart(FileStatus status)
    {
        _stream?.Dispose();
        _stream = new GZipStream(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), CompressionMode.Decompress);
        _head = new ContentHead(status.Born);
        _read = 0;
    }

    /// <summary>Reads up to an offset; false where the content ends before it.</summary>
    bool Skip(long offset)
    {
        while (_read < offset)
        {
            var space = _framer.Space();
            var count = _stream!.Read(space[..(int)Math.Min(space.Length, offset - _read)]);
            if (count == 0)
            {
                return false;
            }

            _head.Note(_read, space[..count]);
            _read += count;
        }

        return true;
    }

    bool TryFill()
    {
        try
        {
            var space = _framer.Space();
            var count = _stream!.Read(space);
            _head.Note(_read, space[..count]);
            _framer.Advance(count);
            _read += count;
            return count > 0;
        }
        catch (Exception wrong) when (wrong is IOException or InvalidDataException)
        {
            Fail($"cannot read {Name}: {wrong.Message}");
            return false;
        }
    }

    LineRun Place(FramedLines lines)
    {
        var run = new LineRun(lines, _content!, _taken);
        _taken += lines.Covered;
        return run;
    }
}
