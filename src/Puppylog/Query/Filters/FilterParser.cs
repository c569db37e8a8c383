using System.Text;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters;

static class FilterParser
{
    public static Filter Parse(TokenReader reader, long now)
    {
        var parts = new List<(string, string, string)>();
        do
        {
            if (reader.TakeSymbol('*'))
            {
                continue;
            }

            var name = reader.Current.Kind is TokenKind.Word or TokenKind.Quoted ? reader.Next().Text : throw reader.Expected("a filter");
            if (!reader.TakeSymbol(':'))
            {
                parts.Add(("_msg", "", name));
                continue;
            }

            var op = reader.TakeSymbol('=') ? "=" : reader.TakeSymbol('>') ? ">" : "";
            if (op == ">" && reader.TakeSymbol('='))
            {
                op = ">=";
            }

            parts.Add((name, op, reader.Next().Text));
        }
        while (reader.Current.Kind != TokenKind.End && !reader.Current.IsSymbol('|') && !reader.Current.IsSymbol(')'));
        return new Stub(parts);
    }

    sealed class Stub(List<(string Field, string Op, string Value)> parts) : Filter
    {
        public override void Apply(RecordView view, RowBitmap rows)
        {
            foreach (var (field, op, value) in parts)
            {
                var column = FieldResolver.Resolve(view, field);
                for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
                {
                    var text = Encoding.UTF8.GetString(column is null ? default : column.Value(row));
                    rows[row] = op switch
                    {
                        "=" => text == value,
                        "" => text.Contains(value, StringComparison.OrdinalIgnoreCase),
                        _ => double.TryParse(text, out var number) && double.TryParse(value, out var bound) && (op == ">" ? number > bound : number >= bound),
                    };
                }
            }
        }

        public override void AddFields(ISet<string> fields) => fields.UnionWith(parts.Select(part => part.Field));

        public override string ToString() => parts.Count == 0 ? "*" : string.Join(' ', parts.Select(part => part.Op + part.Field == "_msg" ? part.Value : $"{part.Field}:{part.Op}{part.Value}"));
    }
}
