namespace Puppylog.Records.Columns;

/// <summary>
/// Text that is split into templates and variables. A variable is a column of its own with a value for each record of its
/// template only: the value of a record lies at the record's rank among those of its template. Variables may be of any
/// kind, templates again among them; all their values are present.
/// </summary>
sealed class TemplateVector : ColumnVector
{
    readonly byte[]? _kinds;
    byte[] _scratch = new byte[256];
    int[]? _ranks;
    int[][]? _places;
    bool[]? _hasLiteral;

    /// <param name="count">Records.</param>
    /// <param name="templateOf">1 + the index of the template per record; 0 where absent (the array may be longer than the count).</param>
    /// <param name="templates">The shapes.</param>
    /// <param name="variables">Per variable its values, in the order of the records of its template.</param>
    /// <param name="kinds">The kind per record, or null where all are text.</param>
    public TemplateVector(int count, ushort[] templateOf, TextTemplate[] templates, ColumnVector[] variables, byte[]? kinds = null)
        : base(count)
    {
        TemplateOf = templateOf;
        Templates = templates;
        Variables = variables;
        _kinds = kinds;
    }

    /// <summary>1 + the index of the template per record; 0 where absent.</summary>
    public ushort[] TemplateOf { get; }

    /// <summary>Per record how many records before it have the same template: its place in that template's variables.</summary>
    public int[] Ranks => _ranks ??= Rank(Count, TemplateOf, Templates.Length);

    /// <summary>Per template (1 + its index; 0 for absent values) the rows that follow it, by rank.</summary>
    public int[][] Places => _places ??= MakePlaces();

    public TextTemplate[] Templates { get; }

    public ColumnVector[] Variables { get; }

    public override bool IsPresent(int row) => TemplateOf[row] != 0;

    public override ReadOnlySpan<byte> Value(int row)
    {
        if (TemplateOf[row] == 0)
        {
            return default;
        }

        var parts = Templates[TemplateOf[row] - 1].Parts;
        var rank = Ranks[row];
        var at = 0;
        foreach (ref readonly var part in parts.AsSpan())
        {
            var piece = part.IsLiteral ? part.Literal : Variables[part.Variable].Value(rank);
            if (piece.Length > _scratch.Length - at)
            {
                Array.Resize(ref _scratch, Math.Max(at + piece.Length, _scratch.Length * 2));
            }

            piece.CopyTo(_scratch.AsSpan(at));
            at += piece.Length;
        }

        return _scratch.AsSpan(0, at);
    }

    public override bool IsEmpty(int row)
    {
        if (TemplateOf[row] == 0)
        {
            return true;
        }

        _hasLiteral ??= Array.ConvertAll(Templates, template => Array.Exists(template.Parts, part => part.IsLiteral && part.Literal.Length > 0));
        return !_hasLiteral[TemplateOf[row] - 1] && Value(row).IsEmpty;
    }

    public override ValueKind Kind(int row) => _kinds is null ? ValueKind.Text : (ValueKind)_kinds[row];

    public override long HeldBytes => (2L * TemplateOf.Length) + (_ranks is null ? 0 : 4L * Count) + (_places is null ? 0 : 4L * Count) + (_kinds?.Length ?? 0) + Variables.Sum(variable => variable.HeldBytes);

    public override ColumnVector? Share()
    {
        var variables = new ColumnVector[Variables.Length];
        for (var i = 0; i < variables.Length; i++)
        {
            if (Variables[i].Share() is not { } shared)
            {
                return null;
            }

            variables[i] = shared;
        }

        return new TemplateVector(Count, TemplateOf, Templates, variables, _kinds);
    }

    int[][] MakePlaces()
    {
        var counts = new int[Templates.Length + 1];
        for (var row = 0; row < Count; row++)
        {
            counts[TemplateOf[row]]++;
        }

        var places = Array.ConvertAll(counts, count => new int[count]);
        for (var row = 0; row < Count; row++)
        {
            places[TemplateOf[row]][Ranks[row]] = row;
        }

        return places;
    }

    static int[] Rank(int count, ushort[] templateOf, int templates)
    {
        var ranks = new int[count];
        var next = new int[templates + 1];
        for (var row = 0; row < count; row++)
        {
            ranks[row] = next[templateOf[row]]++;
        }

        return ranks;
    }
}
