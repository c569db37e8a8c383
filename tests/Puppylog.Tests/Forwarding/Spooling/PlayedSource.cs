using Puppylog.Sources;

namespace Puppylog.Tests.Forwarding.Spooling;

/// <summary>A source that cannot be read again; gives what a test has put into it.</summary>
sealed class PlayedSource() : LogSource("app")
{
    readonly SourceContent _content = new(null, "app", 0, new ContentHead(0));

    public Queue<(byte[] Lines, long Left)> Waiting { get; } = [];

    public bool Ends { get; set; }

    public override bool IsReplayable => false;

    public override bool TryRead(out LineRun run)
    {
        run = default;
        if (!Waiting.TryDequeue(out var next))
        {
            IsEnded |= Ends;
            return false;
        }

        run = new(new() { Bytes = next.Lines, Covered = next.Lines.Length + next.Left, Left = next.Left }, _content, 0);
        return true;
    }

    public override void Dispose()
    {
    }

    protected override void LookNow()
    {
    }
}
