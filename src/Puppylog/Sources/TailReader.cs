namespace Puppylog.Sources;

/// <summary>Fills a buffer with the bytes of a content that stand before an offset; false where they cannot be read.</summary>
delegate bool TailReader(long offset, Span<byte> tail);
