using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Forwarding;

/// <summary>What a batch is known by when it is sent again: the moves of its positions, and its bytes.</summary>
static class BatchKey
{
    public static string Of(EncodedCommit commit)
    {
        if (commit.Positions.Count == 0)
        {
            return Guid.NewGuid().ToString("N");
        }

        var moves = new ArrayBufferWriter<byte>();
        CommitMetadata.Write(moves, commit.Positions, commit.Keys);
        var crc = 0u;
        foreach (var (_, block) in commit.Parts)
        {
            crc = Crc32C.Append(crc, block.Body.Span);
        }

        var hash = SHA256.HashData(moves.WrittenSpan);
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}-{crc:x8}");
    }
}
