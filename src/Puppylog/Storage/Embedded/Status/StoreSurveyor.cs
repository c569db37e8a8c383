using System.Net.Sockets;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Reading;
using Puppylog.Storage.Embedded.Remote;

namespace Puppylog.Storage.Embedded.Status;

/// <summary>Looks at a data directory without writing into it, beside its writer or without one.</summary>
sealed class StoreSurveyor(string directory, EmbeddedStoreOptions options)
{
    /// <summary>Blocks whose lines are measured to reckon those of all: some half a million lines, a tenth of a second.</summary>
    const int SampledBlocks = 8;

    static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);

    /// <param name="withColumns">Also read the directory of every block, for the size of each column.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LogStoreException">There is no store, or it cannot be read.</exception>
    public async Task<StoreSurvey> RunAsync(bool withColumns, CancellationToken cancellationToken)
    {
        var hasWriter = DirectoryLock.IsHeld(directory);
        var trouble = hasWriter ? await AskWriterAsync(cancellationToken).ConfigureAwait(false) : null;
        using var reader = new StoreReader(directory, options);
        var image = reader.Image();
        var (raw, isEstimate) = MeasureLines(reader, image.Blocks, cancellationToken);
        return new StoreSurvey
        {
            Status = reader.Status(),
            Segments = image.Segments,
            Positions = [.. image.Positions.OrderBy(position => position.Path, StringComparer.Ordinal)],
            CatalogBytes = LengthOf("catalog.db") + LengthOf("catalog.db-wal"),
            QuarantineBytes = options.Files.ListFiles(DataLayout.Quarantine(directory)).Sum(options.Files.Length),
            RawBytes = raw,
            RawIsEstimate = isEstimate,
            Columns = withColumns ? MeasureColumns(reader, image.Blocks, cancellationToken) : [],
            HasWriter = hasWriter,
            Writer = hasWriter ? DirectoryLock.Owner(directory) : null,
            Trouble = trouble,
        };
    }

    long LengthOf(string name) => new FileInfo(Path.Combine(directory, name)) is { Exists: true } file ? file.Length : 0;

    async Task<string?> AskWriterAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(AnswerTime, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var link = await RemoteLink.ConnectAsync(directory, null, either.Token).ConfigureAwait(false);
            await using (link.ConfigureAwait(false))
            {
                return link.Trouble;
            }
        }
        catch (Exception e) when (e is SocketException or WriterGoneException or IOException or ArgumentException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return "the writer does not answer";
        }
    }

    static (long Bytes, bool IsEstimate) MeasureLines(StoreReader reader, List<BlockRow> blocks, CancellationToken cancellationToken)
    {
        var records = blocks.Sum(block => (long)block.Frame.Records);
        var step = Math.Max(1, (blocks.Count + SampledBlocks - 1) / SampledBlocks);
        var (bytes, measured) = (0L, 0L);
        for (var i = 0; i < blocks.Count; i += step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                bytes += LineBytes(reader.Open(blocks[i]).Open());
                measured += blocks[i].Frame.Records;
            }
            catch (CorruptDataException)
            {
                // Verify's business; the others tell the length of lines.
            }
        }

        return measured == 0 || measured == records ? (bytes, measured != records) : ((long)((double)bytes / measured * records), true);
    }

    static long LineBytes(RecordView view)
    {
        var lines = view.Column(FieldNames.Raw);
        long bytes = view.Count;
        for (var row = 0; lines is not null && row < view.Count; row++)
        {
            bytes += lines.Value(row).Length;
        }

        return bytes;
    }

    static List<ColumnSize> MeasureColumns(StoreReader reader, List<BlockRow> blocks, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<string, (long Bytes, long Blocks)>(StringComparer.Ordinal);
        foreach (var row in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                foreach (var (name, bytes) in (reader.Open(row).Open() as BlockView)?.ChunkSizes ?? [])
                {
                    var (sum, count) = sizes.GetValueOrDefault(name);
                    sizes[name] = (sum + bytes, count + 1);
                }
            }
            catch (CorruptDataException)
            {
            }
        }

        return [.. sizes.Select(size => new ColumnSize(size.Key, size.Value.Bytes, size.Value.Blocks)).OrderByDescending(size => size.Bytes).ThenBy(size => size.Name, StringComparer.Ordinal)];
    }
}
