using System.Buffers.Binary;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Remote;
using Puppylog.Storage.Embedded.Segments;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Forwarding;

/// <summary>A commit as the body of a request: docs/formats/agent-batch.md. What comes is trusted in nothing.</summary>
static class BatchMessage
{
    public const string MediaType = "application/x-puppylog-batch";

    /// <summary>Bytes before the commit.</summary>
    public const int HeaderLength = 16;

    /// <summary>The longest body: of a batch with a line of the longest kind.</summary>
    public const int MaxLength = 300 << 20;

    const uint Magic = 0x42414c50;
    const uint Version = 1;
    const int MaxSourceLength = 4096;
    const int MaxKeyLength = 256;

    /// <summary>The pieces of the body, one behind the other; valid as long as the commit.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Write(EncodedCommit commit)
    {
        var header = new byte[HeaderLength];
        List<ReadOnlyMemory<byte>> pieces = [header, CommitMessage.Head(commit), .. CommitMessage.Bodies(commit)];
        var crc = 0u;
        var length = 0L;
        foreach (var piece in pieces.Skip(1))
        {
            crc = Crc32C.Append(crc, piece.Span);
            length += piece.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (uint)length);
        return pieces;
    }

    /// <summary>
    /// Reads and verifies a commit, each block with all that it holds, and names its sources and keys by their agent. The
    /// buffer is pooled and belongs to the commit from then on; where this throws, it has been given back.
    /// </summary>
    /// <exception cref="FormatException">It is no batch, or does not verify; the message says why.</exception>
    public static EncodedCommit Read(byte[] buffer, int length, string agent)
    {
        var message = new Message(MessageKind.Commit, 0, buffer, Math.Min(HeaderLength, length), Math.Max(0, length - HeaderLength));
        try
        {
            CheckHeader(buffer.AsSpan(0, length), message.Payload.Span);
            var commit = CommitMessage.Read(message);
            Check(commit);
            var prefix = AgentName.Prefix(agent);
            return commit with
            {
                Positions = [.. commit.Positions.Select(move => AgentName.Add(prefix, move))],
                Keys = [.. commit.Keys.Select(key => prefix + key)],
                RetryKey = commit.RetryKey is { } retry ? prefix + retry : null,
            };
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    static void CheckHeader(ReadOnlySpan<byte> body, ReadOnlySpan<byte> payload)
    {
        if (body.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(body) != Magic)
        {
            throw new FormatException("no batch begins here");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) is var version && version != Version)
        {
            throw new FormatException($"a batch of version {version}; this server takes version {Version}");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(body[12..]) != payload.Length || BinaryPrimitives.ReadUInt32LittleEndian(body[8..]) != Crc32C.Compute(payload))
        {
            throw new FormatException("the batch does not match its checksum");
        }
    }

    static void Check(EncodedCommit commit)
    {
        foreach (var (from, to) in commit.Positions)
        {
            if (to.Source.Length is 0 or > MaxSourceLength || to.Path.Length > MaxSourceLength || to.Offset < 0 || to.Line < 0 || from?.Offset < 0)
            {
                throw new FormatException("a position that no source can have");
            }
        }

        if (commit.Keys.Append(commit.RetryKey ?? "").Any(key => key.Length > MaxKeyLength))
        {
            throw new FormatException("a key that is too long");
        }

        foreach (var (_, block) in commit.Parts)
        {
            var entry = new FrameEntry(0, 0, block.Body.Length, 0, 0, block.Records, block.MinTime, block.MaxTime);
            if (block.Records > RecordBatch.MaxRecords || BlockCheck.Run(block.Body, BlockCodec.Instance, entry) is not [])
            {
                throw new FormatException("a block does not verify");
            }
        }
    }
}
