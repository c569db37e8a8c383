using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>A column in a block's directory.</summary>
/// <param name="Name">The field.</param>
/// <param name="Encoding">How its chunk is laid out.</param>
/// <param name="Place">Where the chunk lies.</param>
/// <param name="Bounds">The smallest and largest value where all are integers.</param>
/// <param name="IsSparse">The chunk begins with the records that have the field, and holds values of these only.</param>
readonly record struct ColumnEntry(string Name, ColumnEncoding Encoding, ChunkPlace Place, (long Min, long Max)? Bounds, bool IsSparse = false);
