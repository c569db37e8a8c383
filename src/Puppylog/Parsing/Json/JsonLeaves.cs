using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>Takes the leaves of a text while it is read; they count only once the whole of it turned out to be valid.</summary>
abstract class JsonLeaves
{
    public abstract ReadOnlySpan<JsonField> Fields { get; }

    /// <summary>A value is passed over.</summary>
    public abstract void Skip();

    /// <param name="path">Its name.</param>
    /// <param name="start">Where it begins in the text; a string's own text, behind the quote.</param>
    /// <param name="end">Where it ends in the text.</param>
    /// <param name="depth">How deep it is nested.</param>
    /// <param name="kind">Its type.</param>
    /// <param name="isEscaped">It is a string that has escapes.</param>
    public abstract void Add(JsonPath path, int start, int end, int depth, ValueKind kind, bool isEscaped);

    /// <summary>Adds those of a text whose form is known.</summary>
    /// <param name="end">Where it ends in the <see cref="JsonTree"/>.</param>
    /// <param name="values">What was found on the way.</param>
    public void Add(JsonEdge end, ReadOnlySpan<JsonLeaf> values)
    {
        var steps = end.Steps;
        for (var i = 0; i < values.Length; i++)
        {
            ref readonly var value = ref values[i];
            Add(steps[i].Path!, value.Start, value.End, steps[i].Depth, value.Kind, value.IsEscaped);
        }
    }
}
