using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

/// <summary>Which column a name in a query means (design §2).</summary>
static class FieldResolver
{
    const string DataPrefix = "data.";

    /// <summary>The field's own name: <c>time</c> and <c>message</c> are <c>_time</c> and <c>_msg</c>.</summary>
    public static string Canonical(string name) => name switch
    {
        "time" => FieldNames.Time,
        "message" => FieldNames.Message,
        _ => name,
    };

    /// <summary>
    /// The column that the name means in this view: the field itself, else what the name is another one for, else <c>x</c>
    /// for <c>data.x</c> and the other way round. Null where no record has it, and for hidden fields.
    /// </summary>
    public static ColumnVector? Resolve(RecordView view, string name)
    {
        if (FieldNames.IsHidden(name))
        {
            return null;
        }

        // A pipe may have made a field that is named message, and the query may call it either way.
        var column = view.Column(name);
        if (column is null && (Canonical(name) is var canonical && canonical != name ? canonical : Alias(name)) is { } other)
        {
            column = view.Column(other);
        }

        return column ?? (Twin(name) is { } twin ? view.Column(twin) : null);
    }

    /// <summary>All names under which <see cref="Resolve"/> may find the column.</summary>
    public static IEnumerable<string> Names(string name) =>
        new[] { name, Canonical(name), Alias(name), Twin(name) }.OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The name under which the view may list the field; null where it does not.</summary>
    public static string? NameIn(RecordView view, string name)
    {
        name = Canonical(name);
        if (name is FieldNames.Time or FieldNames.Message or FieldNames.Raw || view.MayHaveField(name))
        {
            return name;
        }

        return Twin(name) is { } twin && view.MayHaveField(twin) ? twin : null;
    }

    static string? Alias(string name) => name switch
    {
        FieldNames.Time => "time",
        FieldNames.Message => "message",
        _ => null,
    };

    static string? Twin(string name)
    {
        if (!name.StartsWith(DataPrefix, StringComparison.Ordinal))
        {
            return name.StartsWith('_') || Canonical(name) != name ? null : DataPrefix + name;
        }

        var bare = name[DataPrefix.Length..];
        return bare.StartsWith('_') || Canonical(bare) != bare ? null : bare;
    }
}
