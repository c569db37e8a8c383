using Puppylog.Query.Filters;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Rows;

/// <summary>Some fields of another view, some of them under other names; nothing is copied.</summary>
/// <param name="inner">The view that has them.</param>
/// <param name="fields">The fields to show, in order: their name here and their name in the inner view.</param>
/// <param name="keepsRaw">True where <c>_raw</c> stays readable though it is not shown.</param>
sealed class ProjectedView(RecordView inner, IReadOnlyList<(string Name, string Source)> fields, bool keepsRaw, bool isRecords) : ShapedView
{
    readonly Dictionary<string, string> _sources = Sources(fields);

    public override int Count => inner.Count;

    public override bool IsRecords => isRecords;

    public override long MinTime => inner.MinTime;

    public override long MaxTime => inner.MaxTime;

    public override long HeldBytes => inner.HeldBytes;

    /// <summary>The records' times, also where <c>_time</c> is not among the fields: results stay in order.</summary>
    public override TimestampVector Times => inner.Times;

    public override IReadOnlyList<string> OutputFields { get; } = [.. fields.Select(field => field.Name).Distinct(StringComparer.Ordinal)];

    public override ColumnVector? Column(string name)
    {
        if (_sources.TryGetValue(name, out var source))
        {
            return FieldResolver.Resolve(inner, source);
        }

        return keepsRaw && name == Records.FieldNames.Raw ? inner.Column(name) : null;
    }

    public override bool MayContainWord(string field, ReadOnlySpan<byte> word) =>
        !_sources.TryGetValue(field, out var source) || inner.MayContainWord(source, word);

    static Dictionary<string, string> Sources(IReadOnlyList<(string Name, string Source)> fields)
    {
        var sources = new Dictionary<string, string>(fields.Count, StringComparer.Ordinal);
        foreach (var (name, source) in fields)
        {
            sources[name] = source;
        }

        return sources;
    }
}
