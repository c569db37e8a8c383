using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>A compressed file that was named, or that a pattern matches.</summary>
sealed class GzipSource(string name, SourceContext context) : LogSource(name)
{
    readonly string _path = Path.GetFullPath(name);
    CompressedFile? _file;
    // What was opened last, whether or not it has been read to its end.
    FileStatus? _seen;
    CopyWatch? _copyWatch;
    SourcePosition? _former;

    public override string? FilePath => _path;

    public override long Remaining => _file?.Remaining ?? 0;

    /// <remarks>Nothing tells of it, but it seldom changes: the next round will do.</remarks>
    public override bool TellsOfNews => _file is null && _seen is not null;

    protected override void LookNow()
    {
        if (IsEnded || _file is not null)
        {
            return;
        }

        try
        {
            Open();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Trouble($"cannot read {Name}: {Reason(wrong)}", context);
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        if (_former is { } former)
        {
            _former = null;
            run = new LineRun(default, SourceContent.At(former), former.Offset);
            return true;
        }

        if (_file is null)
        {
            return false;
        }

        try
        {
            if (_file.TryRead(out run) || _file.TryFinish(out run))
            {
                return true;
            }
        }
        catch (IOException wrong)
        {
            Trouble($"cannot read {Name}: {Reason(wrong)}", context);
        }

        Close();
        IsEnded = !context.Watch;
        return false;
    }

    public override int ReadSample(Span<byte> target) => _file?.ReadSample(target) ?? 0;

    public override void Dispose() => Close();

    /// <summary>Opens the path's file, unless it is the one that was read already.</summary>
    void Open()
    {
        if (!FileStatus.TryFind(_path, out var status))
        {
            if (context.EndsWhenGone)
            {
                IsEnded = true;
            }
            else
            {
                Trouble($"{Name}: no such file", context);
            }

            return;
        }

        if (status == _seen || (context.Watch && ContentProbe.IsBeingWritten(_path)))
        {
            return;
        }

        if (!(_copyWatch ??= new(_path, context, this)).TryJudge(status, out var verdict))
        {
            return;
        }

        if (!context.Positions.TryClaim(status.Identity, this, out var reader))
        {
            if (!context.EndsWhenGone)
            {
                Hinder($"{Name} is the same file as {reader.Name}; it is read once", context.Notice);
            }

            IsEnded = !context.Watch;
            return;
        }

        _seen = status;
        try
        {
            _former = context.Positions.FormerOf(status);
            _file = CompressedFile.Open(_path, context.EndsWhenGone ? RotatedName.Base(_path) : _path, context, verdict.Continues);
            Hinder(null, context.Notice);
        }
        finally
        {
            if (_file is null)
            {
                context.Positions.Release(status.Identity);
            }
        }
    }

    void Close()
    {
        if (_file is not null)
        {
            context.Positions.Release(_file.Identity);
            _file.Dispose();
            _file = null;
        }
    }
}
