using Puppylog.Diagnostics;
using Puppylog.Records;
using Puppylog.Sources;
using Puppylog.Sources.Containers;

namespace Puppylog.App.Cli.Streams;

/// <summary>How far the files of streams were read, and how much they have beyond.</summary>
sealed class StreamProgress
{
    const string HostName = "host_name";

    readonly ILookup<string, SourcePosition> _local;
    readonly ILookup<string, SourcePosition> _remote;
    // Only files of containers: their streams are named by the container and not by a path.
    readonly List<(string Path, IReadOnlyList<SourceField> Fields)> _containers;

    public StreamProgress(IReadOnlyList<SourcePosition> positions)
    {
        _local = positions.Where(position => position.IsLocal).ToLookup(position => position.Path, StringComparer.Ordinal);
        _remote = positions.Where(position => !position.IsLocal).ToLookup(position => position.Path, StringComparer.Ordinal);
        _containers = [.. _local.Select(group => (group.Key, Fields: (IReadOnlyList<SourceField>)[.. ContainerFile.FieldsOf(group.Key).Where(field => field.IsOfStream)])).Where(file => file.Fields.Count > 0)];
    }

    /// <summary>Bytes that were read, null where there is no file; and those beyond, null where it is not here, or not any more.</summary>
    /// <param name="labels">The stream's fields.</param>
    public (long? Position, long? Lag) Of(IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        if (labels.FirstOrDefault(label => label.Key == FieldNames.FilePath).Value is not { } path)
        {
            return OfContainer(labels);
        }

        // An agent names its machine. Of two with the same path it is not known whose position is whose.
        var remote = _remote[path].ToList();
        return remote.Count > 0 && (!_local.Contains(path) || labels.Any(label => label.Key == HostName))
            ? (remote.Select(Agent).Distinct().Count() == 1 ? remote.Max(position => position.Offset) : null, null)
            : OfFile(path);
    }

    (long? Position, long? Lag) OfContainer(IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        var files = _containers.Where(file => file.Fields.All(field => labels.Contains(new(field.Name, field.Value)))).Select(file => OfFile(file.Path)).ToList();
        return files.Count == 0 ? default : (files.Sum(file => file.Position ?? 0), files.Exists(file => file.Lag is not null) ? files.Sum(file => file.Lag ?? 0) : null);
    }

    (long? Position, long? Lag) OfFile(string path)
    {
        var positions = _local[path];
        if (!FileStatus.TryRead(path, out var status) || status.Kind != FileKind.Regular)
        {
            return (positions.MaxBy(position => position.Offset)?.Offset, null);
        }

        var name = status.Identity.Source;
        return positions.FirstOrDefault(position => position.Source == name) is { } position
            ? (position.Offset, Math.Max(0, status.Size - position.Offset))
            : positions.Any() ? (0, status.Size) : default((long?, long?));
    }

    /// <summary><c>agent/{id}</c>.</summary>
    static string Agent(SourcePosition position) => position.Source[..position.Source.IndexOf('/', SourcePosition.AgentPrefix.Length)];
}
