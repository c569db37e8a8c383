namespace Puppylog.Sources;

/// <summary>A field that all records of a source have, like the pod that a file belongs to.</summary>
/// <param name="IsOfStream">True where it tells the record's stream from others.</param>
readonly record struct SourceField(string Name, string Value, bool IsOfStream = true);
