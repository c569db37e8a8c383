using System.Globalization;
using System.Text;
using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.App.Cli.Store;

/// <summary>How far each path was read, as people read it: a row a path, whatever files had it.</summary>
static class SourceText
{
    const int MaxPaths = 20;

    public static void Add(StringBuilder text, IReadOnlyList<SourcePosition> positions)
    {
        var paths = positions.GroupBy(position => (Agent: Agent(position), position.Path)).ToList();
        StatusText.Row(text, "sources", paths.Count == 0 ? "none with a position" : StatusText.Count(paths.Count, "path"));
        foreach (var path in paths.Take(MaxPaths))
        {
            var name = TerminalText.Visible(Encoding.UTF8.GetBytes(path.Key.Path), 200);
            text.Append(Format($"  {path.Key.Agent}{name}: {Progress(path.Key.Path, path.Key.Agent.Length == 0, [.. path])}\n"));
        }

        if (paths.Count > MaxPaths)
        {
            text.Append(Format($"  and {paths.Count - MaxPaths} more: -o json\n"));
        }
    }

    static string Progress(string path, bool isLocal, List<SourcePosition> positions)
    {
        var now = positions is [var only] ? only : isLocal ? Current(path, positions) : null;
        if (now is null)
        {
            return StatusText.Count(positions.Count, "file") + (isLocal ? " that had this name; none has it now" : "");
        }

        var read = Format($"{CollectSummaryText.Size(now.Offset)}, {StatusText.Count(now.Line, "line")}");
        var behind = isLocal && FileStatus.TryRead(path, out var status) && status.Kind == FileKind.Regular && status.Identity.Source == now.Source && status.Size > now.Offset
            ? $", {CollectSummaryText.Size(status.Size - now.Offset)} to be read"
            : "";
        return read + behind + (positions.Count > 1 ? $"; {StatusText.Count(positions.Count - 1, "file")} had this name before" : "");
    }

    static SourcePosition? Current(string path, List<SourcePosition> positions) =>
        FileStatus.TryRead(path, out var status) ? positions.Find(position => position.Source == status.Identity.Source) : null;

    /// <summary><c>agent/{id} </c>, or nothing for what is read on this machine.</summary>
    static string Agent(SourcePosition position) =>
        position.IsLocal ? "" : position.Source[..position.Source.IndexOf('/', SourcePosition.AgentPrefix.Length)] + " ";

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
