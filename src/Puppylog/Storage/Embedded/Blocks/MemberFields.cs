using System.Text;
using Puppylog.Records.Columns;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>The fields that assembled lines may be made of: those that are named, then those of the overflow column.</summary>
/// <param name="names">As line templates name them.</param>
/// <param name="find">Finds the column of one that is named.</param>
/// <param name="overflow">The overflow column; null where lines are made of none of its fields.</param>
sealed class MemberFields(string[] names, Func<string, ColumnVector?> find, OverflowColumn? overflow) : IMemberFields
{
    readonly byte[][] _bytes = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
    readonly Dictionary<int, ColumnVector?> _columns = [];

    public int Count => names.Length + (overflow?.Count ?? 0);

    /// <summary>The records that have the field; false where its column is to be asked.</summary>
    public bool TryPlaces(int field, out ReadOnlySpan<int> places)
    {
        var isListed = field >= names.Length;
        places = isListed ? overflow!.Places(field - names.Length) : Column(field) is SparseVector sparse ? sparse.Rows : default;
        return isListed || Column(field) is null or SparseVector;
    }

    public string Name(int field) => field < names.Length ? names[field] : overflow!.Name(field - names.Length);

    public ReadOnlySpan<byte> NameBytes(int field) => field < names.Length ? _bytes[field] : overflow!.NameBytes(field - names.Length);

    public ColumnVector? Column(int field)
    {
        if (!_columns.TryGetValue(field, out var column))
        {
            column = field < names.Length ? find(names[field]) : overflow!.Field(field - names.Length);
            _columns.Add(field, column);
        }

        return column;
    }
}
