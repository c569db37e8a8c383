using Puppylog.Query.Filters.Parsing;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Streams;

/// <summary><c>_group:shop</c>: the record's stream is one of a named set, as its selector said when the query was read.</summary>
sealed class GroupFilter(string name, Filter streams) : Filter
{
    /// <summary>The name that stands where a field's would.</summary>
    public const string Field = "_group";

    public override void Apply(RecordView view, RowBitmap rows) => streams.Apply(view, rows);

    public override bool MayMatch(RecordView view) => streams.MayMatch(view);

    public override void AddFields(ISet<string> fields) => streams.AddFields(fields);

    public override string ToString() => $"{Field}:{Quoting.Word(name)}";

    /// <summary>Reads the name behind <c>_group:</c>.</summary>
    public static GroupFilter Parse(TokenReader reader)
    {
        reader.TakeSymbol('=');
        var name = reader.TakeValue("the name of a group");
        var match = (reader.Groups ?? (_ => null))(name.Text)
            ?? throw reader.Error(name.Position, $"expected a group, found {name.Describe()}; 'puppylog groups' lists them, 'puppylog groups create' makes one");
        return new(name.Text, StreamFilterParser.Parse(new TokenReader(match)));
    }
}
