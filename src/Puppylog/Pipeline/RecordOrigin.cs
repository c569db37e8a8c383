using System.Text;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>Says on records of one source where they came from: the file, the source's fields, the sender, and the stream.</summary>
sealed class RecordOrigin
{
    readonly List<(string Name, byte[] Value)> _fields;
    readonly byte[]? _stream;
    readonly List<SourceField> _added;
    // Where the values are in the batch that was marked last, and where its senders are.
    Place? _place;
    RecordBatch? _batch;
    PendingCommit? _markedIn;

    /// <param name="source">What is read.</param>
    /// <param name="added">Fields that its settings give its records; they are of the stream.</param>
    public RecordOrigin(LogSource source, IReadOnlyList<KeyValuePair<string, string>> added)
    {
        _fields = [.. source.Fields.Select(field => (field.Name, Encoding.UTF8.GetBytes(field.Value)))];
        List<SourceField> stream = [.. source.Fields.Where(field => field.IsOfStream)];
        if (source.FilePath is { } path)
        {
            _fields.Add((FieldNames.FilePath, Encoding.UTF8.GetBytes(path)));
            stream = stream.Count == 0 ? [new(FieldNames.FilePath, path)] : stream;
        }

        _added = [.. added.Select(field => new SourceField(field.Key, field.Value))];
        foreach (var (name, value) in added)
        {
            _fields.Add((name, Encoding.UTF8.GetBytes(value)));
            stream.Add(new(name, value));
        }

        _stream = stream.Count == 0 ? null : Encoding.UTF8.GetBytes(StreamText(stream));
    }

    public void Mark(PendingCommit pending, RecordBatch batch, int first, int end, SourcePeer? peer)
    {
        if (_fields.Count == 0 && _stream is null && peer is null)
        {
            return;
        }

        // A source's records go to one batch of a commit, but for those whose shape was changed.
        if (_place is not { } place || !ReferenceEquals(_markedIn, pending) || !ReferenceEquals(_batch, batch))
        {
            _place = place = new() { Values = [.. _fields.Select(field => batch.Append(field.Value))] };
            place.Stream = _stream is null ? default : batch.Append(_stream);
            (_markedIn, _batch) = (pending, batch);
        }

        for (var i = 0; i < _fields.Count; i++)
        {
            batch.Column(_fields[i].Name).Fill(first, end, place.Values[i]);
        }

        if (peer is not null)
        {
            MarkPeer(place, batch, first, end, peer);
        }
        else if (_stream is not null)
        {
            batch.Column(FieldNames.Stream).Fill(first, end, place.Stream);
        }
    }

    /// <summary><c>{file_path="/var/log/app.log"}</c>.</summary>
    public static string StreamText(IEnumerable<SourceField> fields) => $"{{{string.Join(',', fields.Select(field => $"{field.Name}=\"{Escape(field.Value)}\""))}}}";

    void MarkPeer(Place place, RecordBatch batch, int first, int end, SourcePeer peer)
    {
        place.Peers ??= [];
        if (!place.Peers.TryGetValue(peer, out var spans))
        {
            spans = (batch.Append(peer.AddressText), batch.Append(Encoding.UTF8.GetBytes(StreamText([new(FieldNames.HostIp, peer.ToString()), .. _added]))));
            place.Peers.Add(peer, spans);
        }

        batch.Column(FieldNames.HostIp).Fill(first, end, spans.Address);
        batch.Column(FieldNames.Stream).Fill(first, end, spans.Stream);
    }

    static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    sealed class Place
    {
        public ByteSpan[] Values { get; init; } = [];

        public ByteSpan Stream { get; set; }

        public Dictionary<SourcePeer, (ByteSpan Address, ByteSpan Stream)>? Peers { get; set; }
    }
}
