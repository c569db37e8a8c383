using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary>
/// <c>facets 10 max_values_per_field 1000 max_value_len 128 keep_const_fields</c>: the most frequent values of each field, as
/// rows of <c>field_name</c>, <c>field_value</c> and <c>hits</c>. Fields with more or longer values are left out, and those
/// of which all rows have the same value.
/// </summary>
sealed class FacetsPipe(long limit, long maxValues, long maxLength, bool keepsConstant) : GatheringPipe
{
    public const long DefaultLimit = 10;
    public const long DefaultMaxValues = 1000;
    public const long DefaultMaxLength = 128;

    public static FacetsPipe Parse(TokenReader reader)
    {
        var (limit, values, length, keeps) = (DefaultLimit, DefaultMaxValues, DefaultMaxLength, false);
        if (reader.Current.Kind == TokenKind.Word && char.IsAsciiDigit(reader.Current.Text[0]))
        {
            limit = FieldSyntax.Count(reader);
        }

        while (!FieldSyntax.AtEnd(reader))
        {
            if (reader.TakeWord("max_values_per_field"))
            {
                values = FieldSyntax.Count(reader, "a number of values");
            }
            else if (reader.TakeWord("max_value_len"))
            {
                length = FieldSyntax.Count(reader, "a number of bytes");
            }
            else if (reader.TakeWord("keep_const_fields"))
            {
                keeps = true;
            }
            else
            {
                throw reader.Expected("max_values_per_field, max_value_len or keep_const_fields");
            }
        }

        return new(limit, values, length, keeps);
    }

    public override bool MakesTable => true;

    /// <summary>Most values of a field that are shown.</summary>
    public long Limit => limit;

    /// <summary>A field with more different values is left out.</summary>
    public long MaxValues => maxValues;

    /// <summary>Bytes; a field with a longer value is left out.</summary>
    public long MaxLength => maxLength;

    /// <summary>True to show fields of which all rows have the same value.</summary>
    public bool KeepsConstant => keepsConstant;

    public override NeededFields Needed(NeededFields after) => NeededFields.Everything;

    public override GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context) => new FacetsOperator(this, next, context);

    public override string ToString() =>
        $"facets {limit}{(maxValues == DefaultMaxValues ? "" : $" max_values_per_field {maxValues}")}{(maxLength == DefaultMaxLength ? "" : $" max_value_len {maxLength}")}{(keepsConstant ? " keep_const_fields" : "")}";
}
