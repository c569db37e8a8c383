using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources;

/// <summary>
/// How far every file has been read, by earlier runs and by this one, and who reads it now. A file has one reader at a time,
/// whatever the number of its names.
/// </summary>
sealed class PositionBook
{
    readonly Dictionary<string, SourcePosition> _positions = new(StringComparer.Ordinal);
    readonly Dictionary<FileIdentity, LogSource> _readers = [];

    public PositionBook(IEnumerable<SourcePosition> kept)
    {
        foreach (var position in kept)
        {
            _positions[position.Source] = position;
        }
    }

    public SourcePosition? Find(string source) => _positions.GetValueOrDefault(source);

    /// <summary>The positions of files that were last seen under a path.</summary>
    public IEnumerable<SourcePosition> SeenAs(string path) => _positions.Values.Where(position => position.Path == path);

    public void Note(SourcePosition position) => _positions[position.Source] = position;

    /// <summary>False where another source reads the file; <paramref name="reader"/> is the one that does.</summary>
    public bool TryClaim(FileIdentity file, LogSource source, out LogSource reader)
    {
        if (!_readers.TryGetValue(file, out reader!))
        {
            _readers.Add(file, source);
            reader = source;
        }

        return ReferenceEquals(reader, source);
    }

    public void Release(FileIdentity file) => _readers.Remove(file);
}
