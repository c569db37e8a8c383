namespace Puppylog.Records;

/// <summary>
/// Up to <see cref="MaxRecords"/> records that travel and commit together, column-wise: one growing buffer of bytes, and
/// per field a span into it per record. Not thread-safe: one owner at a time.
/// </summary>
/// <remarks>
/// Invariant: every span lies within <see cref="Bytes"/>. A line's own values are spans within the line, so that a derived
/// line can be verified by comparing places instead of building it again.
/// </remarks>
sealed class RecordBatch(RecordShape shape)
{
    public const int MaxRecords = 65_536;

    /// <summary>Bytes of lines after which a batch is full (design §4: about 8 MiB a block).</summary>
    public const int FullBytes = 8 << 20;

    /// <summary>Columns that a batch makes for fields of unknown names; the values of further fields are <see cref="Overflow"/>.</summary>
    public const int MaxColumns = 1000;

    /// <summary>Values without a column with which a batch is full: with the last line's they mostly fit into 3 MiB.</summary>
    const int FullOverflow = 120_000;

    /// <summary>Bytes of columns that are kept for another use of the batch: 64 columns of all records.</summary>
    const long KeptRoom = MaxRecords * 64 * 8L;

    /// <summary>A record names its template by a byte, and 0 is none.</summary>
    const int MaxTemplates = 255;

    /// <summary>More ways of writing the time than this are not told.</summary>
    const int MaxTimeForms = 4;

    readonly List<LineTemplate> _learned = [];
    readonly List<TimeForm> _timeForms = [];
    readonly List<BatchColumn> _columns = [];
    readonly Dictionary<string, BatchColumn> _byName = new(StringComparer.Ordinal);
    byte[] _bytes = new byte[64 << 10];
    long[] _times = new long[1024];
    ByteSpan[] _lines = new ByteSpan[1024];
    ByteSpan[] _messages = new ByteSpan[1024];
    byte[] _templates = new byte[1024];
    OverflowEntry[] _overflow = [];
    int _overflowCount;
    int _length;

    public RecordShape Shape { get; private set; } = shape;

    public int Count { get; private set; }

    public bool IsFull => HasAllRecords || _length >= FullBytes;

    /// <summary>True where it may not have a record more.</summary>
    public bool HasAllRecords => Count >= MaxRecords || _overflowCount >= FullOverflow;

    /// <summary>All bytes that spans point into.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>The array behind <see cref="Bytes"/>; replaced when it grows.</summary>
    public byte[] ByteArray => _bytes;

    public int ByteCount => _length;

    /// <summary>Nanoseconds since 1970, UTC, per record.</summary>
    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    public long[] TimeArray => _times;

    /// <summary>The original lines, without their newline (a <c>\r</c> included).</summary>
    public ReadOnlySpan<ByteSpan> Lines => _lines.AsSpan(0, Count);

    public ByteSpan[] LineArray => _lines;

    public ReadOnlySpan<ByteSpan> Messages => _messages.AsSpan(0, Count);

    public ByteSpan[] MessageArray => _messages;

    /// <summary>1 + the index in <see cref="LineTemplates"/> of the one that the line claims to follow; 0 for none.</summary>
    public ReadOnlySpan<byte> Templates => _templates.AsSpan(0, Count);

    /// <summary>The shape's templates, then those that the parser learned from the batch's lines.</summary>
    public IReadOnlyList<LineTemplate> LineTemplates => _learned.Count == 0 ? Shape.Templates : [.. Shape.Templates, .. _learned];

    public bool HasLearnedTemplates => _learned.Count > 0;

    /// <summary>How lines write the record's time, for lines that claim no template.</summary>
    public IReadOnlyList<TimeForm> TimeForms => _timeForms;

    /// <summary>The fields, in the order in which they first came. Columns of an earlier use may be empty.</summary>
    public IReadOnlyList<BatchColumn> Columns => _columns;

    /// <summary>The values of fields that have no column, in the order in which they came.</summary>
    public ReadOnlySpan<OverflowEntry> Overflow => _overflow.AsSpan(0, _overflowCount);

    public ReadOnlySpan<byte> Value(ByteSpan span) => span.Length <= 0 ? default : _bytes.AsSpan(span.Offset, span.Length);

    /// <summary>Copies bytes in and says where they are.</summary>
    public ByteSpan Append(ReadOnlySpan<byte> bytes)
    {
        var target = Reserve(bytes.Length);
        bytes.CopyTo(target);
        return Advance(bytes.Length);
    }

    /// <summary>Room for <paramref name="size"/> bytes at the end; take it with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - _length < size)
        {
            // Past a megabyte at once to what a full batch needs: each step more is memory to be cleared and copied.
            var next = _bytes.Length is >= 1 << 20 and < FullBytes ? FullBytes + (2L << 20) : _bytes.Length * 2L;
            Array.Resize(ref _bytes, checked(Math.Max(_length + size, (int)Math.Min(Array.MaxLength, next))));
        }

        return _bytes.AsSpan(_length);
    }

    public ByteSpan Advance(int size)
    {
        var span = new ByteSpan(_length, size);
        _length += size;
        return span;
    }

    /// <summary>Adds a record and returns its row. Its other fields are set on the columns.</summary>
    /// <param name="time">Nanoseconds since 1970, UTC.</param>
    /// <param name="line">The original line.</param>
    /// <param name="message">The message; for an access log the line itself.</param>
    /// <param name="template">1 + the index of the template that the line follows; 0 for none.</param>
    public int Add(long time, ByteSpan line, ByteSpan message, byte template)
    {
        var row = Count;
        if (row == _times.Length)
        {
            var size = row >= MaxRecords / 8 ? Math.Max(row * 2, MaxRecords) : row * 2;
            Array.Resize(ref _times, size);
            Array.Resize(ref _lines, size);
            Array.Resize(ref _messages, size);
            Array.Resize(ref _templates, size);
        }

        _times[row] = time;
        _lines[row] = line;
        _messages[row] = message;
        _templates[row] = template;
        Count = row + 1;
        return row;
    }

    /// <summary>Gives a record that was made of a part of a line the whole line, and the template that this follows.</summary>
    public void Wrap(int row, ByteSpan line, byte template)
    {
        _lines[row] = line;
        _templates[row] = template;
    }

    /// <summary>Gives a record another message and line.</summary>
    public void SetMessage(int row, ByteSpan message, ByteSpan line)
    {
        _messages[row] = message;
        _lines[row] = line;
    }

    /// <summary>The template that records name by a number.</summary>
    public LineTemplate TemplateOf(byte number) =>
        number <= Shape.Templates.Length ? Shape.Templates[number - 1] : _learned[number - 1 - Shape.Templates.Length];

    /// <summary>Takes up a template where it is not there yet; the number by which records name it, 0 where there are too many.</summary>
    public byte AddTemplate(LineTemplate template)
    {
        var known = LineTemplates;
        for (var i = 0; i < known.Count; i++)
        {
            if (known[i].Text == template.Text)
            {
                return (byte)(i + 1);
            }
        }

        var count = known.Count;
        if (count >= MaxTemplates)
        {
            return 0;
        }

        _learned.Add(template);
        return (byte)(count + 1);
    }

    /// <summary>Takes note of how a line writes its time.</summary>
    public void AddTimeForm(TimeForm form)
    {
        if (_timeForms.Count < MaxTimeForms && !_timeForms.Exists(known => known.Text == form.Text))
        {
            _timeForms.Add(form);
        }
    }

    /// <summary>The column of that name, made if need be. Stays valid until <see cref="Reset"/>.</summary>
    public BatchColumn Column(string name)
    {
        if (!_byName.TryGetValue(name, out var column))
        {
            column = new BatchColumn(name);
            _byName.Add(name, column);
            _columns.Add(column);
        }

        return column;
    }

    /// <summary>
    /// The column of that name, made if there is still room for one or the field is well known; null where its values are
    /// to be added with <see cref="AddOverflow"/>.
    /// </summary>
    public BatchColumn? TryColumn(string name) =>
        _byName.TryGetValue(name, out var column) ? column
        : _columns.Count < MaxColumns || FieldNames.IsWellKnown(name) ? Column(name)
        : null;

    /// <summary>Adds a value of a field that has no column.</summary>
    /// <param name="row">The record.</param>
    /// <param name="name">Where the field's name lies in the batch's bytes, as UTF-8.</param>
    /// <param name="value">Where the value lies.</param>
    /// <param name="kind">How it was written.</param>
    public void AddOverflow(int row, ByteSpan name, ByteSpan value, ValueKind kind)
    {
        if (_overflowCount == _overflow.Length)
        {
            Array.Resize(ref _overflow, Math.Max(64, _overflowCount * 2));
        }

        _overflow[_overflowCount++] = new(row, name, value, kind);
    }

    /// <summary>Keeps only these records, in their order; the bytes of the others stay until <see cref="Reset"/>.</summary>
    /// <param name="rows">Ascending.</param>
    public void Keep(ReadOnlySpan<int> rows)
    {
        var placeOf = new int[Count];
        placeOf.AsSpan().Fill(-1);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            placeOf[row] = i;
            _times[i] = _times[row];
            _lines[i] = _lines[row];
            _messages[i] = _messages[row];
            _templates[i] = _templates[row];
        }

        foreach (var column in _columns)
        {
            column.Keep(rows, placeOf);
        }

        Count = rows.Length;
        RewriteOverflow(entry => placeOf[entry.Row] >= 0 ? entry with { Row = placeOf[entry.Row] } : null);
    }

    /// <summary>Gives each value without a column another form, or none (null) to take it away.</summary>
    public void RewriteOverflow(Func<OverflowEntry, OverflowEntry?> rewrite)
    {
        var kept = 0;
        for (var i = 0; i < _overflowCount; i++)
        {
            if (rewrite(_overflow[i]) is { } entry)
            {
                _overflow[kept++] = entry;
            }
        }

        _overflowCount = kept;
    }

    /// <summary>Gives a column another name, under which there are no values. Parsers must be bound anew.</summary>
    public void Rename(BatchColumn column, string name)
    {
        _byName.Remove(column.Name);
        if (_byName.TryGetValue(name, out var unused))
        {
            (_byName[column.Name], unused.Name) = (unused, column.Name);
        }

        (_byName[name], column.Name) = (column, name);
    }

    /// <summary>Gives the records another shape and other learned templates, each in the place of the one that there was.</summary>
    public void Reshape(RecordShape shape, Func<LineTemplate, LineTemplate> learned)
    {
        Shape = shape;
        for (var i = 0; i < _learned.Count; i++)
        {
            _learned[i] = learned(_learned[i]);
        }
    }

    public BatchColumn? FindColumn(string name) => _byName.TryGetValue(name, out var column) && column.IsUsed ? column : null;

    /// <summary>Empties the batch for another use; the buffers stay, the columns that were used stay where the shape does.</summary>
    public void Reset(RecordShape shape)
    {
        _length = 0;
        Count = 0;
        _overflowCount = 0;
        KeepColumns(ReferenceEquals(shape, Shape));
        _learned.Clear();
        _timeForms.Clear();
        Shape = shape;
        if (_bytes.Length > 4 * FullBytes)
        {
            _bytes = new byte[64 << 10];
        }

        if (_overflow.Length > 2 * FullOverflow)
        {
            _overflow = [];
        }
    }

    void KeepColumns(bool isSameShape)
    {
        var room = 0L;
        var kept = 0;
        var all = _columns.Count;
        for (var i = 0; i < all; i++)
        {
            var column = _columns[i];
            room += column.Room;
            if (isSameShape && room <= KeptRoom && (column.IsUsed || all <= 64))
            {
                column.Clear();
                _columns[kept++] = column;
            }
            else
            {
                _byName.Remove(column.Name);
            }
        }

        _columns.RemoveRange(kept, all - kept);
    }
}
