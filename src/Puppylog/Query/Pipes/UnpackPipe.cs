using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Unpacking;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Parsing;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary>
/// <c>unpack_json if (…) from field fields (a, b*) result_prefix "p_" keep_original_fields skip_empty_results</c> and
/// <c>unpack_logfmt …</c>: a field's value becomes fields. Rows whose value has another form stay as they are.
/// </summary>
sealed class UnpackPipe(UnpackSyntax syntax) : RowwisePipe
{
    public static UnpackPipe Parse(TokenReader reader, long now, bool isLogfmt)
    {
        Filter? condition = null;
        if (reader.TakeWord("if"))
        {
            reader.ExpectSymbol('(');
            condition = FilterParser.Parse(reader, now);
            reader.ExpectSymbol(')');
        }

        var from = reader.TakeWord("from") ? FieldResolver.Canonical(FieldSyntax.Name(reader, "the field to unpack")) : FieldNames.Message;
        var place = reader.Current.Position;
        var fields = reader.TakeWord("fields") ? ParseFields(reader) : [];
        var prefix = reader.TakeWord("result_prefix") ? FieldSyntax.Name(reader, "a prefix such as \"app_\"") : "";
        var (keepsOriginal, skipsEmpty) = (reader.TakeWord("keep_original_fields"), reader.TakeWord("skip_empty_results"));
        var syntax = new UnpackSyntax(isLogfmt, condition, from, fields, prefix, keepsOriginal, skipsEmpty);
        if (fields.FirstOrDefault(field => !field.EndsWith('*') && UnpackNames.IsOwn(prefix + field)) is { } own)
        {
            throw reader.Error(place, $"'{prefix}{own}' is the record's own: unpack it under another name with result_prefix");
        }

        if (!FieldSyntax.AtEnd(reader))
        {
            throw reader.Expected("the rest of 'if (filter) from field fields (a, b*) result_prefix p keep_original_fields skip_empty_results' in this order, '|' or the end of the query");
        }

        return new(syntax);
    }

    public override NeededFields Needed(NeededFields after)
    {
        if (new UnpackNames(syntax, after).IsNone)
        {
            return after;
        }

        var names = new HashSet<string>(StringComparer.Ordinal) { syntax.From };
        syntax.Condition?.AddFields(names);
        return after.With(names);
    }

    public override RowwisePipe Bind(NeededFields after, QueryContext context) => new Bound(this, syntax, new(syntax, after), context);

    public override RecordView Apply(RecordView view, ref int[] rows) =>
        Bind(NeededFields.Everything, new(new QueryMemory(QueryOptions.DefaultMaxMemory), CancellationToken.None)).Apply(view, ref rows);

    public override string ToString()
    {
        var text = new StringBuilder(syntax.IsLogfmt ? "unpack_logfmt" : "unpack_json");
        _ = syntax.Condition is null ? text : text.Append(" if (").Append(syntax.Condition).Append(')');
        _ = syntax.From == FieldNames.Message ? text : text.Append(" from ").Append(FieldSyntax.Quote(syntax.From));
        _ = syntax.Fields.IsEmpty ? text : text.Append(" fields (").Append(FieldSyntax.PrintPatterns(syntax.Fields)).Append(')');
        _ = syntax.Prefix.Length == 0 ? text : text.Append(" result_prefix ").Append(FieldSyntax.Quote(syntax.Prefix));
        return text.Append(syntax.KeepsOriginal ? " keep_original_fields" : "").Append(syntax.SkipsEmpty ? " skip_empty_results" : "").ToString();
    }

    static ImmutableArray<string> ParseFields(TokenReader reader)
    {
        reader.ExpectSymbol('(');
        var fields = FieldSyntax.Patterns(reader);
        FieldSyntax.Close(reader);
        return fields;
    }

    /// <summary>The pipe in a running query: makes what is read after it. The forms that one worker learned serve the next block.</summary>
    sealed class Bound(UnpackPipe pipe, UnpackSyntax syntax, UnpackNames names, QueryContext context) : RowwisePipe
    {
        readonly ConcurrentBag<Unpacker> _idle = [];

        public override NeededFields Needed(NeededFields after) => pipe.Needed(after);

        public override RecordView Apply(RecordView view, ref int[] rows)
        {
            var matching = names.IsNone || syntax.Condition is null ? rows : FilterPipe.Narrow(syntax.Condition, view, rows);
            if (names.IsNone || matching.Length == 0 || FieldResolver.Resolve(view, syntax.From) is not { } source)
            {
                return view;
            }

            var unpacker = _idle.TryTake(out var idle) ? idle : new(syntax, names);
            var fields = unpacker.Unpack(view, source, Ascending(matching), context);
            _idle.Add(unpacker);
            return fields.Columns.Count == 0 ? view : new UnpackedView(view, fields, Ascending(rows), syntax);
        }

        public override string ToString() => pipe.ToString();

        /// <summary>Behind a sort they are in its order.</summary>
        static int[] Ascending(int[] rows)
        {
            for (var i = 1; i < rows.Length; i++)
            {
                if (rows[i] < rows[i - 1])
                {
                    var sorted = rows.AsSpan().ToArray();
                    sorted.AsSpan().Sort();
                    return sorted;
                }
            }

            return rows;
        }
    }
}
