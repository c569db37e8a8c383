namespace Puppylog.Storage.Embedded.Blocks;

/// <param name="Offset">The chunk's first byte, from the end of the directory.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Crc">CRC-32C of them.</param>
readonly record struct ChunkPlace(int Offset, int Length, uint Crc);
