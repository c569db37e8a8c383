using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.WordFilters;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Takes lines apart that follow no template: where the values of their fields lie in them, and the text between. What is
/// alike in many lines, a piece of text with the field behind it, is a member that lines name by number. No comparison is
/// needed: a line is its own text and values in the places where they lie. Kept and reused.
/// </summary>
sealed class LineAssembler
{
    /// <summary>Fewer lines do not pay for the members.</summary>
    const int MinLines = 16;

    /// <summary>Of one line for so many records the others' templates are not given up for a slower form.</summary>
    const int MaxShare = 64;

    /// <summary>Text that comes once and is longer is no key but something that the fields do not say.</summary>
    const int LongText = 96;

    const int MaxMembers = 1 << 20;

    readonly List<string> _fields = [];
    readonly byte[] _time = new byte[TimeForm.MaxLength];
    readonly MemberTable _members = new();
    int[] _ends = [];
    Piece[] _pieces = [];
    int[] _counts = [];
    int[] _sequence = [];
    int _length;

    /// <summary>The fields that members name, as line templates do.</summary>
    public IReadOnlyList<string> Fields => _fields;

    public MemberTable Members => _members;

    /// <summary>How many members each record's line is made of; 0 for lines that are stored in another way.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>The members of the lines, one line behind the other.</summary>
    public ReadOnlySpan<int> Sequence => _sequence.AsSpan(0, _length);

    /// <summary>Takes the lines apart; false where that does not pay.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="rows">The rows of the block.</param>
    /// <param name="groups">The values without a column.</param>
    /// <param name="templates">0 for each line that follows no template.</param>
    public bool TryBuild(RecordBatch batch, RowPlaces rows, OverflowGroups groups, ReadOnlySpan<byte> templates)
    {
        var open = templates.Count((byte)0);
        if (open < MinLines || open < templates.Length / MaxShare || batch.Shape.Templates.Length > 0)
        {
            return false;
        }

        Gather(batch, rows, groups, templates);
        _members.Clear(batch);
        _length = 0;
        _counts = _counts.Length == templates.Length ? _counts : new int[templates.Length];
        long all = 0, taken = 0;
        for (var place = 0; place < templates.Length; place++)
        {
            _counts[place] = 0;
            if (templates[place] == 0)
            {
                var line = batch.Lines[rows.RowAt(place)];
                all += line.Length;
                taken += TakeApart(place, line) ? line.Length : 0;
            }
        }

        DropOdd();
        return taken * 2 > all && _members.TextLength * 2 < taken;
    }

    /// <summary>Puts together by record where values lie in its line.</summary>
    void Gather(RecordBatch batch, RowPlaces rows, OverflowGroups groups, ReadOnlySpan<byte> templates)
    {
        _fields.Clear();
        if (_ends.Length < templates.Length + 1)
        {
            _ends = new int[templates.Length + 1];
        }

        // Once to count, once to put each in its place.
        for (var isCounting = true; ; isCounting = false)
        {
            if (isCounting)
            {
                _ends.AsSpan().Clear();
            }

            var sink = new Sink(this, batch, rows, templates, isCounting);
            AddTimes(batch, ref sink);
            AddMessages(batch, ref sink);
            AddColumns(batch, ref sink);
            AddGroups(batch, groups, ref sink);
            if (!isCounting)
            {
                return;
            }

            _fields.Clear();
            var start = 0;
            for (var place = 0; place < templates.Length; place++)
            {
                (_ends[place], start) = (start, start + _ends[place]);
            }

            if (_pieces.Length < start)
            {
                _pieces = new Piece[start + (start / 4)];
            }
        }
    }

    void AddTimes(RecordBatch batch, ref Sink sink)
    {
        foreach (var form in batch.TimeForms)
        {
            var field = Field($"{FieldNames.Time}:{form.Text}");
            for (var place = 0; place < sink.Count; place++)
            {
                var row = sink.RowAt(place);
                if (!sink.IsOpen(place))
                {
                    continue;
                }

                var line = batch.Lines[row];
                var written = form.Write(batch.Times[row], _time);
                var at = batch.Value(line).IndexOf(_time.AsSpan(0, written));
                if (at >= 0)
                {
                    sink.Add(place, row, new(line.Offset + at, written), field);
                }
            }
        }
    }

    void AddMessages(RecordBatch batch, ref Sink sink)
    {
        var field = Field(FieldNames.Message);
        for (var place = 0; place < sink.Count; place++)
        {
            var row = sink.RowAt(place);
            if (batch.Messages[row] != batch.Lines[row])
            {
                sink.Add(place, row, batch.Messages[row], field);
            }
        }
    }

    void AddColumns(RecordBatch batch, ref Sink sink)
    {
        foreach (var column in batch.Columns)
        {
            if (!column.IsUsed || !IsSayable(column.Name))
            {
                continue;
            }

            var field = Field(column.Name);
            if (column.IsSparse)
            {
                for (var entry = 0; entry < column.Rows.Length; entry++)
                {
                    sink.Add(sink.PlaceOf(column.Rows[entry]), column.Rows[entry], column.Entries[entry], field);
                }

                continue;
            }

            var spans = column.Spans(batch.Count);
            for (var place = 0; place < sink.Count; place++)
            {
                var row = sink.RowAt(place);
                sink.Add(place, row, spans[row], field);
            }
        }
    }

    void AddGroups(RecordBatch batch, OverflowGroups groups, ref Sink sink)
    {
        if (batch.Overflow.Length == 0)
        {
            return;
        }

        for (var group = 0; group < groups.Count; group++)
        {
            var name = System.Text.Encoding.UTF8.GetString(groups.Name(group));
            if (!IsSayable(name) || batch.FindColumn(name) is not null)
            {
                continue;
            }

            var field = Field(name);
            var places = groups.Places(group);
            for (var i = 0; i < places.Length; i++)
            {
                sink.Add(places[i], sink.RowAt(places[i]), groups.Entry(group, i).Value, field);
            }
        }
    }

    int Field(string text)
    {
        _fields.Add(text);
        return _fields.Count - 1;
    }

    /// <summary>False for names that a template would read as something else, and for what lines are not made of.</summary>
    static bool IsSayable(string name) => !name.StartsWith(FieldNames.Time, StringComparison.Ordinal) && name is not (FieldNames.Raw or FieldNames.LineZone);

    bool TakeApart(int place, ByteSpan line)
    {
        var first = place == 0 ? 0 : _ends[place - 1];
        var pieces = _pieces.AsSpan(first, _ends[place] - first);
        pieces.Sort();
        if (pieces.Length == 0)
        {
            return false;
        }

        var start = _length;
        if (_sequence.Length < start + pieces.Length + 1)
        {
            Array.Resize(ref _sequence, Math.Max(start + pieces.Length + 1, _sequence.Length * 2));
        }

        var at = line.Offset;
        foreach (var piece in pieces)
        {
            if (piece.Offset >= at)
            {
                _sequence[_length++] = _members.Number(new(at, piece.Offset - at), piece.Field);
                at = piece.Offset + piece.Length;
            }
        }

        _sequence[_length++] = _members.Number(new(at, line.End - at), -1);
        _counts[place] = _length - start;
        if (_members.Count <= MaxMembers)
        {
            return true;
        }

        _members.Forget(_sequence.AsSpan(start, _length - start));
        (_length, _counts[place]) = (start, 0);
        return false;
    }

    /// <summary>Gives up lines with much text of their own.</summary>
    void DropOdd()
    {
        int from = 0, to = 0;
        for (var place = 0; place < _counts.Length; place++)
        {
            var members = _sequence.AsSpan(from, _counts[place]);
            from += members.Length;
            var isOdd = false;
            foreach (var member in members)
            {
                isOdd |= _members.Uses(member) == 1 && _members.Text(member).Length > LongText;
            }

            if (isOdd)
            {
                _members.Forget(members);
                _counts[place] = 0;
                continue;
            }

            members.CopyTo(_sequence.AsSpan(to));
            to += members.Length;
        }

        _length = to;
        _members.Renumber(_sequence.AsSpan(0, _length));
    }

    /// <summary>The words of the text between values, and of whole lines where a word may reach from one into the other.</summary>
    public void AddWords(RecordBatch batch, RowPlaces rows, WordFilterBuilder words)
    {
        for (var member = 0; member < _members.Count; member++)
        {
            WordSplitter.AddWords(_members.Text(member), words);
        }

        var at = 0;
        for (var place = 0; place < _counts.Length; place++)
        {
            var isApart = true;
            foreach (var member in _sequence.AsSpan(at, _counts[place]))
            {
                isApart &= _members.IsApart(member);
            }

            at += _counts[place];
            if (!isApart)
            {
                WordSplitter.AddWords(batch.Value(batch.Lines[rows.RowAt(place)]), words);
            }
        }
    }

    /// <summary>A value's place in a line.</summary>
    readonly record struct Piece(int Offset, int Length, int Field) : IComparable<Piece>
    {
        public int CompareTo(Piece other) => Offset.CompareTo(other.Offset);
    }

    /// <summary>Counts the values that lie in a line of their record, or puts them there.</summary>
    readonly ref struct Sink(LineAssembler owner, RecordBatch batch, RowPlaces rows, ReadOnlySpan<byte> templates, bool isCounting)
    {
        readonly ReadOnlySpan<ByteSpan> _lines = batch.Lines;
        readonly ReadOnlySpan<byte> _templates = templates;

        public int Count => _templates.Length;

        public int RowAt(int place) => rows.RowAt(place);

        public int PlaceOf(int row) => rows.PlaceOf(row);

        public bool IsOpen(int place) => place >= 0 && _templates[place] == 0;

        public void Add(int place, int row, ByteSpan value, int field)
        {
            if (!IsOpen(place) || value.Length <= 0 || value.Offset < _lines[row].Offset || value.End > _lines[row].End)
            {
                return;
            }

            if (isCounting)
            {
                owner._ends[place]++;
            }
            else
            {
                owner._pieces[owner._ends[place]++] = new(value.Offset, value.Length, field);
            }
        }
    }
}
