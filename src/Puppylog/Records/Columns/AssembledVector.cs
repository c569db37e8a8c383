namespace Puppylog.Records.Columns;

/// <summary>Lines of which some are made of members, a text and the value of a field behind it each; the others are lines of another vector.</summary>
/// <param name="others">The lines that are not made of members.</param>
/// <param name="ends">Per record where its members end in <paramref name="sequence"/>; they begin where the record's before end.</param>
/// <param name="sequence">Numbers of members.</param>
/// <param name="members">The members; a field of -1 ends a line.</param>
/// <param name="fields">The names of fields, as in a line template.</param>
/// <param name="find">Finds a field's column.</param>
sealed class AssembledVector(
    LineVector others, int[] ends, int[] sequence, AssembledVector.Member[] members, string[] fields, Func<string, ColumnVector?> find) : ColumnVector(others.Count)
{
    readonly ColumnVector?[] _columns = new ColumnVector?[fields.Length];
    readonly bool[] _isFound = new bool[fields.Length];
    byte[] _scratch = new byte[512];

    public LineVector Others { get; } = others;

    public string[] Fields { get; } = fields;

    /// <summary>The members of a line; none where it is one of <see cref="Others"/>.</summary>
    public ReadOnlySpan<int> MembersOf(int row) => sequence.AsSpan(Start(row), ends[row] - Start(row));

    public ref readonly Member At(int member) => ref members[member];

    /// <summary>The column that a field's values are in; null where the block has none.</summary>
    public ColumnVector? Column(int field)
    {
        if (!_isFound[field])
        {
            _columns[field] = find(Fields[field]);
            _isFound[field] = true;
        }

        return _columns[field];
    }

    public override long HeldBytes => (ends.Length + sequence.Length) * 4L + (members.Length * 24L) + Others.HeldBytes;

    public override bool IsPresent(int row) => ends[row] > Start(row) || Others.IsPresent(row);

    public override ReadOnlySpan<byte> Value(int row)
    {
        var line = MembersOf(row);
        if (line.IsEmpty)
        {
            return Others.Value(row);
        }

        var at = 0;
        foreach (var number in line)
        {
            ref readonly var member = ref members[number];
            Append(ref at, member.Text.Span);
            if (member.Field >= 0 && Column(member.Field) is { } column)
            {
                Append(ref at, column.Value(row));
            }
        }

        return _scratch.AsSpan(0, at);
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

    /// <param name="Text">What stands before the value.</param>
    /// <param name="Field">The value's field, or -1.</param>
    public readonly record struct Member(ReadOnlyMemory<byte> Text, int Field);
}
