namespace Puppylog.Records.Columns;

/// <summary>The fields that assembled lines are made of, by number.</summary>
interface IMemberFields
{
    /// <summary>As in a line template.</summary>
    string Name(int field);

    ReadOnlySpan<byte> NameBytes(int field);

    /// <summary>The field's values; null where the block has none.</summary>
    ColumnVector? Column(int field);
}
