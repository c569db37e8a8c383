using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>A column in a block's directory.</summary>
/// <param name="Name">The field.</param>
/// <param name="Encoding">How its chunk is laid out.</param>
/// <param name="Offset">The chunk's first byte, from the end of the directory.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Crc">CRC-32C of the chunk.</param>
/// <param name="Bounds">The smallest and largest value where all are integers.</param>
readonly record struct ColumnEntry(string Name, ColumnEncoding Encoding, int Offset, int Length, uint Crc, (long Min, long Max)? Bounds);
