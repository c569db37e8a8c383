using System.Collections.Concurrent;
using Puppylog.Records;

namespace Puppylog.Processing;

/// <summary>
/// Shapes and templates with fields named otherwise. Made once for each, so that batches of one shape keep one shape: blocks
/// are told apart by it.
/// </summary>
static class ShapeNames
{
    static readonly ConcurrentDictionary<(RecordShape Shape, string From, string To), RecordShape> Shapes = new();

    public static RecordShape Renamed(RecordShape shape, string from, string to)
    {
        if (shape.Templates.IsEmpty && shape.Derived.IsEmpty)
        {
            return shape;
        }

        return Shapes.GetOrAdd((shape, from, to), static key => key.Shape with
        {
            Templates = [.. key.Shape.Templates.Select(template => Renamed(template, key.From, key.To))],
            Derived = [.. key.Shape.Derived.Select(derived => derived.Source == key.From ? derived with { Source = key.To } : derived)],
        });
    }

    public static RecordShape Without(RecordShape shape, DerivedField derived) =>
        Shapes.GetOrAdd((shape, derived.Name, ""), static key => key.Shape with
        {
            Derived = [.. key.Shape.Derived.Where(field => field.Name != key.From)],
        });

    /// <summary>The template itself where it does not name the field, or names the other one as well.</summary>
    public static LineTemplate Renamed(LineTemplate template, string from, string to)
    {
        var parts = template.Parts;
        if (!parts.Any(part => IsField(part, from)) || parts.Any(part => IsField(part, to)))
        {
            return template;
        }

        return LineTemplate.TryMake([.. parts.Select(part => IsField(part, from) ? part with { Text = to } : part)]) ?? template;
    }

    static bool IsField(TemplatePart part, string name) =>
        part.Kind is TemplatePartKind.Field or TemplatePartKind.FieldOrDash or TemplatePartKind.EscapedField && part.Text == name;
}
