namespace Puppylog.Records.Columns;

/// <summary>Lines of which some are made of the record's values and text between them; the others are lines of another vector.</summary>
/// <param name="others">The lines that are not made of values.</param>
/// <param name="ends">Per record where its forms end in <paramref name="formOf"/>; they begin where the record's before end.</param>
/// <param name="formOf">Numbers of forms.</param>
/// <param name="fieldOf">For each of them the field of the value behind it; -1 at the end of a line.</param>
/// <param name="forms">The forms.</param>
/// <param name="fields">The fields.</param>
sealed class AssembledVector(LineVector others, int[] ends, int[] formOf, int[] fieldOf, AssembledVector.Form[] forms, IMemberFields fields) : ColumnVector(others.Count)
{
    byte[] _scratch = new byte[512];

    public LineVector Others { get; } = others;

    /// <summary>As in a line template.</summary>
    public string FieldName(int field) => fields.Name(field);

    public ColumnVector? Column(int field) => fields.Column(field);

    public override long HeldBytes => ((ends.Length + (formOf.Length * 2L)) * 4) + (forms.Length * 48L) + Others.HeldBytes;

    public override bool IsPresent(int row) => ends[row] > Start(row) || Others.IsPresent(row);

    public override ReadOnlySpan<byte> Value(int row)
    {
        if (ends[row] == Start(row))
        {
            return Others.Value(row);
        }

        var length = Compose(row, null);
        return _scratch.AsSpan(0, length);
    }

    /// <summary>The places of the values in a line that is made of them; none where it is one of <see cref="Others"/>.</summary>
    public void AddPlaces(int row, List<(int Field, int Start, int Length)> places) => Compose(row, places);

    int Compose(int row, List<(int Field, int Start, int Length)>? places)
    {
        var at = 0;
        for (var i = Start(row); i < ends[row]; i++)
        {
            var form = forms[formOf[i]];
            var field = fieldOf[i];
            Append(ref at, form.Before);
            if (form.Name != FormName.None && field >= 0)
            {
                var name = fields.NameBytes(field);
                Append(ref at, form.Name == FormName.Whole ? name : name[(name.LastIndexOf((byte)'.') + 1)..]);
                Append(ref at, form.After);
            }

            if (field >= 0 && fields.Column(field) is { } column)
            {
                var value = column.Value(row);
                places?.Add((field, at, value.Length));
                Append(ref at, value);
            }

            if (form.IsQuoted)
            {
                Append(ref at, "\""u8);
            }
        }

        return at;
    }

    int Start(int row) => row == 0 ? 0 : ends[row - 1];

    void Append(ref int at, ReadOnlySpan<byte> bytes)
    {
        if (_scratch.Length - at < bytes.Length)
        {
            Array.Resize(ref _scratch, Math.Max(at + bytes.Length, _scratch.Length * 2));
        }

        bytes.CopyTo(_scratch.AsSpan(at));
        at += bytes.Length;
    }

    /// <param name="Before">The text up to the field's name; all of it where the name is not in it.</param>
    /// <param name="After">The text behind the field's name.</param>
    /// <param name="Name">How the field's name stands between them.</param>
    /// <param name="IsQuoted">A quote stands behind the value.</param>
    public readonly record struct Form(byte[] Before, byte[] After, FormName Name, bool IsQuoted);
}
