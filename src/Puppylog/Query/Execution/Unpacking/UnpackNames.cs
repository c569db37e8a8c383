using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Unpacking;

/// <summary>Which keys become fields, of those that are read after the pipe.</summary>
sealed class UnpackNames
{
    readonly UnpackSyntax _syntax;
    readonly bool _all;
    readonly HashSet<string> _wanted;

    public UnpackNames(UnpackSyntax syntax, NeededFields after)
    {
        _syntax = syntax;
        _all = after.All;
        _wanted = new(after.Names.SelectMany(FieldResolver.Names), StringComparer.Ordinal);
        Listed = syntax.KeepsOriginal || syntax.SkipsEmpty
            ? []
            : [.. syntax.Fields.Where(field => !field.EndsWith('*')).Select(FieldOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        IsNone = !_all && !_wanted.Any(CanMake);
    }

    /// <summary>Nothing is asked for that can be made.</summary>
    public bool IsNone { get; }

    /// <summary>The fields that a value without them takes away from its row.</summary>
    public IReadOnlyList<string> Listed { get; }

    /// <summary>The field that a key becomes; null where it does not, or nobody reads it.</summary>
    public string? FieldOf(string key)
    {
        var name = _syntax.Prefix + key;
        return (_all || _wanted.Contains(name)) && IsListed(key) && !IsOwn(name) ? name : null;
    }

    /// <summary>True for the names of what every record is made of: no value can take their place.</summary>
    public static bool IsOwn(string name) =>
        name is "" or FieldNames.Time or FieldNames.Raw or FieldNames.Stream or FieldNames.StreamId || FieldNames.IsHidden(name);

    bool CanMake(string name) =>
        name.StartsWith(_syntax.Prefix, StringComparison.Ordinal) && !IsOwn(name) && IsListed(name[_syntax.Prefix.Length..]);

    bool IsListed(string key) => _syntax.Fields.IsEmpty || _syntax.Fields.Any(pattern => FieldPattern.Matches(pattern, key));
}
