using System.Text;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Query.Execution.Groups;

/// <summary>A block with one field <c>v</c>, a dictionary of its values in one of the forms in which a store has them.</summary>
sealed class DictionaryBlock(string[] values, DictionaryBlock.Form form) : RecordBlock
{
    public enum Form
    {
        Bytes,
        Templates,
        Addresses,
    }

    public override int Count => values.Length;

    public override long MinTime => 0;

    public override long MaxTime => 0;

    public int Opened { get; private set; }

    /// <summary>The pass from 1 on in which the column turns out damaged; 0 for none.</summary>
    public int DamagedIn { get; init; }

    public override RecordView Open()
    {
        Opened++;
        if (Opened == DamagedIn)
        {
            throw new CorruptDataException("as the test wants it");
        }

        // Some empty values are there and empty, where the form allows it; the others are absent.
        var distinct = values.Where(value => value.Length > 0).Distinct().ToList();
        var absent = values.Contains("") ? distinct.Count / 2 : -1;
        if (absent >= 0 && form != Form.Addresses)
        {
            distinct.Add("");
        }

        var codes = distinct.Select((value, place) => (value, place)).ToDictionary(entry => entry.value, entry => (ushort)(absent >= 0 && entry.place >= absent ? entry.place + 1 : entry.place));
        var rows = values.Select((value, row) => value.Length == 0 && (row % 16 > 0 || form == Form.Addresses) ? (ushort)absent : codes[value]).ToArray();
        return new ResultView(values.Length).Add("v", form == Form.Bytes
            ? new DictionaryVector(values.Length, Table(absent < 0 ? distinct : [.. distinct[..absent], "", .. distinct[absent..]]), rows, absent)
            : DictionaryVector.Of(values.Length, form == Form.Templates ? Templates(distinct) : Addresses(distinct), rows, absent, null));
    }

    static ByteTable Table(List<string> values)
    {
        var known = new DistinctValues(values.Count);
        foreach (var value in values)
        {
            known.Add(Encoding.UTF8.GetBytes(value));
        }

        return known.ToTable();
    }

    static TextVector Text(List<string> values)
    {
        var column = new ResultColumn(values.Count);
        foreach (var value in values)
        {
            column.Add(Encoding.UTF8.GetBytes(value));
        }

        return (TextVector)column.ToVector();
    }

    /// <summary>Two shapes, by how the value begins.</summary>
    static TemplateVector Templates(List<string> values)
    {
        var first = values.Where(value => value.StartsWith("1.", StringComparison.Ordinal)).ToList();
        var other = values.Except(first).ToList();
        return new(
            values.Count,
            [.. values.Select(value => (ushort)(value.StartsWith("1.", StringComparison.Ordinal) ? 1 : 2))],
            [new([new("1."u8.ToArray()), new(0)], first.Count), new([new(1)], other.Count)],
            [Text([.. first.Select(value => value[2..])]), Text(other)]);
    }

    static Ipv4Vector Addresses(List<string> values) => new(
        values.Count, [.. values.Select(value => AddressText.TryParse(Encoding.ASCII.GetBytes(value), out var address) ? address : throw new ArgumentException(value))], null);
}
