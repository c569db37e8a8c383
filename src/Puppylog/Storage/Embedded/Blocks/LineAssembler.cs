using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.WordFilters;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Takes lines apart that follow no template: in which order the values of their fields lie in them, and the forms of the
/// text between. A line need not name its fields: they are among those that its record has, so that the order alone is
/// said. No comparison is needed: a line is its own text and values in the places where they lie. Kept and reused.
/// </summary>
sealed class LineAssembler
{
    /// <summary>Fewer lines do not pay for the forms.</summary>
    const int MinLines = 16;

    /// <summary>Of one line for so many records the others' templates are not given up for a slower form.</summary>
    const int MaxShare = 64;

    /// <summary>Text that comes once and is longer is no key but something that the fields do not say.</summary>
    const int LongText = 96;

    readonly PlacedValues _values = new();
    readonly FormTable _forms = new();
    int[] _counts = [];
    int[] _order = [];
    int[] _formOf = [];
    int[] _fieldOf = [];
    int[] _left = [];
    long[] _keys = [];
    int _length;
    int _orderLength;

    /// <summary>The fields that lines may be made of, besides those of the overflow column; as line templates name them.</summary>
    public IReadOnlyList<string> Fields => _values.Fields;

    /// <summary>Fields with those of the overflow column, which follow the others.</summary>
    public int FieldCount => _values.FieldCount;

    public FormTable Forms => _forms;

    /// <summary>How many forms each record's line has, the one at its end included; 0 for lines that are stored in another way.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>The forms of the lines, one line behind the other.</summary>
    public ReadOnlySpan<int> FormOf => _formOf.AsSpan(0, _length);

    /// <summary>For each of <see cref="FormOf"/> the field of the value behind it; -1 at the end of a line.</summary>
    public ReadOnlySpan<int> FieldOf => _fieldOf.AsSpan(0, _length);

    /// <summary>For each value of the lines, how many of the fields that are left lie between its own and the one before.</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, _orderLength);

    /// <summary>True where it is worth to look at the fields: plain lines have none that stand in them.</summary>
    public static bool MayBuild(RecordBatch batch, ReadOnlySpan<byte> templates)
    {
        if (ReferenceEquals(batch.Shape, RecordShape.Plain))
        {
            return false;
        }

        var open = templates.Count((byte)0);
        return open >= MinLines && open >= templates.Length / MaxShare && batch.Shape.Templates.Length == 0;
    }

    /// <summary>Takes the lines apart; false where that does not pay.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="fields">The fields of the block as they will be written.</param>
    /// <param name="templates">0 for each line that follows no template.</param>
    public bool TryBuild(RecordBatch batch, FieldWriter fields, ReadOnlySpan<byte> templates)
    {
        if (!_values.TryGather(batch, fields, templates))
        {
            return false;
        }

        _forms.Clear(batch);
        (_length, _orderLength) = (0, 0);
        _counts = _counts.Length == templates.Length ? _counts : new int[templates.Length];
        long all = 0, taken = 0;
        for (var place = 0; place < templates.Length; place++)
        {
            _counts[place] = 0;
            if (templates[place] == 0)
            {
                var line = batch.Lines[fields.Places.RowAt(place)];
                all += line.Length;
                taken += TakeApart(batch, place, line) ? line.Length : 0;
            }
        }

        DropOdd();
        return taken * 2 > all && _forms.TextLength * 2 < taken;
    }

    bool TakeApart(RecordBatch batch, int place, ByteSpan line)
    {
        var values = _values.Of(place);
        var inLine = Sort(values, line);
        if (inLine == 0)
        {
            return false;
        }

        Ensure(ref _formOf, _length + inLine + 1);
        Ensure(ref _fieldOf, _length + inLine + 1);
        Ensure(ref _order, _orderLength + inLine);
        Ensure(ref _left, values.Length);
        var left = _left.AsSpan(0, values.Length);
        for (var i = 0; i < left.Length; i++)
        {
            left[i] = i;
        }

        var bytes = batch.Bytes;
        var (start, from, at) = (_length, 0, line.Offset);
        foreach (var key in _keys.AsSpan(0, inLine))
        {
            var index = (int)key;
            var value = values[index];
            if (value.Offset < at)
            {
                continue;
            }

            var found = left.IndexOf(index);
            _order[_orderLength++] = found >= from ? found - from : found - from + left.Length;
            left[(found + 1)..].CopyTo(left[found..]);
            left = left[..^1];
            from = found;
            var isQuoted = value.Offset > at && value.End < line.End && bytes[value.Offset - 1] == '"' && bytes[value.End] == '"';
            _fieldOf[_length] = value.Field;
            _formOf[_length++] = Number(batch, new(at, value.Offset - at), _values.Name(value.Field), isQuoted);
            at = value.End + (isQuoted ? 1 : 0);
        }

        _fieldOf[_length] = -1;
        _formOf[_length++] = _forms.Number(new(at, line.End - at), default, FormName.None, isQuoted: false);
        _counts[place] = _length - start;
        return true;
    }

    /// <summary>Puts the values that lie in the line in order; returns how many there are.</summary>
    int Sort(ReadOnlySpan<PlacedValues.Value> values, ByteSpan line)
    {
        if (_keys.Length < values.Length)
        {
            _keys = new long[values.Length * 2];
        }

        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Length > 0 && values[i].Offset >= line.Offset && values[i].End <= line.End)
            {
                _keys[count++] = ((long)values[i].Offset << 32) | (uint)i;
            }
        }

        _keys.AsSpan(0, count).Sort();
        return count;
    }

    /// <summary>The form of a text, the field's name left out of it.</summary>
    int Number(RecordBatch batch, ByteSpan text, ReadOnlySpan<byte> name, bool isQuoted)
    {
        var bytes = batch.Value(text);
        var at = name.IsEmpty ? -1 : bytes.IndexOf(name);
        var kind = FormName.Whole;
        if (at < 0 && name.LastIndexOf((byte)'.') is >= 0 and var dot && dot + 1 < name.Length)
        {
            name = name[(dot + 1)..];
            at = bytes.IndexOf(name);
            kind = FormName.LastPart;
        }

        return at < 0
            ? _forms.Number(text, default, FormName.None, isQuoted)
            : _forms.Number(new(text.Offset, at), new(text.Offset + at + name.Length, text.Length - at - name.Length), kind, isQuoted);
    }

    /// <summary>Gives up lines with much text of their own.</summary>
    void DropOdd()
    {
        int from = 0, to = 0, orderFrom = 0, orderTo = 0;
        for (var place = 0; place < _counts.Length; place++)
        {
            var forms = _formOf.AsSpan(from, _counts[place]);
            var order = _order.AsSpan(orderFrom, Math.Max(0, forms.Length - 1));
            var fields = _fieldOf.AsSpan(from, forms.Length);
            from += forms.Length;
            orderFrom += order.Length;
            var isOdd = false;
            foreach (var number in forms)
            {
                ref readonly var form = ref _forms[number];
                isOdd |= form.Uses == 1 && form.Before.Length + form.After.Length > LongText;
            }

            if (isOdd)
            {
                _forms.Forget(forms);
                _counts[place] = 0;
                continue;
            }

            forms.CopyTo(_formOf.AsSpan(to));
            fields.CopyTo(_fieldOf.AsSpan(to));
            order.CopyTo(_order.AsSpan(orderTo));
            to += forms.Length;
            orderTo += order.Length;
        }

        (_length, _orderLength) = (to, orderTo);
        _forms.Renumber(_formOf.AsSpan(0, _length));
    }

    /// <summary>The words of names and of the text between values, and of whole lines where a word may reach from one into the other.</summary>
    public void AddWords(RecordBatch batch, RowPlaces rows, WordFilterBuilder words)
    {
        _values.AddNames(words);
        var isApart = new bool[_forms.Count];
        for (var form = 0; form < isApart.Length; form++)
        {
            WordSplitter.AddWords(_forms.Before(form), words);
            WordSplitter.AddWords(_forms.After(form), words);
            isApart[form] = IsApart(form);
        }

        var at = 0;
        for (var place = 0; place < _counts.Length; place++)
        {
            var forms = _formOf.AsSpan(at, _counts[place]);
            at += forms.Length;
            var areApart = true;
            foreach (var form in forms)
            {
                areApart &= isApart[form];
            }

            if (!areApart)
            {
                WordSplitter.AddWords(batch.Value(batch.Lines[rows.RowAt(place)]), words);
            }
        }
    }

    /// <summary>True where no word reaches over the edges of the form's text.</summary>
    bool IsApart(int form)
    {
        var before = _forms.Before(form);
        var after = _forms.After(form);
        var hasName = _forms[form].Name != FormName.None;
        return before.Length > 0 && !Words.StartsWithWord(before) && !Words.EndsWithWord(before)
            && (!hasName || (after.Length > 0 && !Words.StartsWithWord(after) && !Words.EndsWithWord(after)));
    }

    static void Ensure(ref int[] array, int count)
    {
        if (array.Length < count)
        {
            Array.Resize(ref array, Math.Max(count, Math.Max(256, array.Length * 2)));
        }
    }
}
