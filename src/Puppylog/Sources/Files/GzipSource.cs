using Puppylog.Diagnostics;

namespace Puppylog.Sources.Files;

/// <summary>A compressed file that was named, or that a pattern matches.</summary>
sealed class GzipSource(string name, SourceContext context) : LogSource(name)
{
    readonly string _path = Path.GetFullPath(name);
    CompressedFile? _file;
    bool _wasOpened;

    public override string? FilePath => _path;

    public override long Remaining => _file?.Remaining ?? 0;

    protected override void LookNow()
    {
        if (IsEnded || _wasOpened)
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
            Fail($"cannot read {Name}: {wrong.Message}");
        }

        IsEnded = true;
        return false;
    }

    public override int ReadSample(Span<byte> target) => _file?.ReadSample(target) ?? 0;

    public override void Dispose()
    {
        if (_file is not null)
        {
            context.Positions.Release(_file.Identity);
            _file.Dispose();
            _file = null;
        }
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

        _wasOpened = true;
        try
        {
            var origin = context.Positions.Find(status.Identity.Source) is null ? RotatedFiles.FindOrigin(_path, status, context) : null;
            _file = CompressedFile.Open(_path, _path, context, origin);
        }
        finally
        {
            if (_file is null)
            {
                context.Positions.Release(status.Identity);
            }
        }
    }
}
