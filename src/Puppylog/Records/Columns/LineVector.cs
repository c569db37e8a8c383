namespace Puppylog.Records.Columns;

/// <summary>
/// Lines that are derived from their fields (<see cref="LineTemplate"/>); lines that no template reproduces are held as
/// they are. A query may look into the parts first and compose only the lines that can match.
/// </summary>
sealed class LineVector : ColumnVector
{
    readonly byte[] _templates;
    readonly PartSource[][] _parts;
    readonly TextVector? _verbatim;
    byte[] _scratch = new byte[512];
    bool[]? _hasLiteral;

    /// <param name="count">Records.</param>
    /// <param name="templates">1 + the index of the template per record; 0 where the line is held verbatim.</param>
    /// <param name="parts">Per template its parts, with the columns that they take their text from.</param>
    /// <param name="verbatim">The lines that follow no template; null where all do.</param>
    public LineVector(int count, byte[] templates, PartSource[][] parts, TextVector? verbatim)
        : base(count)
    {
        _templates = templates;
        _parts = parts;
        _verbatim = verbatim;
    }

    /// <summary>1 + the template's index per record; 0 where the line is in <see cref="Verbatim"/>.</summary>
    public byte[] Templates => _templates;

    public PartSource[][] Parts => _parts;

    /// <summary>What <see cref="Parts"/> were made from, for those who encode the lines again; empty where that is not known.</summary>
    public IReadOnlyList<LineTemplate> LineTemplates { get; set; } = [];

    public TextVector? Verbatim => _verbatim;

    public override bool IsPresent(int row) => _templates[row] != 0 || (_verbatim?.IsPresent(row) ?? false);

    public override ReadOnlySpan<byte> Value(int row)
    {
        var template = _templates[row];
        if (template == 0)
        {
            return _verbatim is null ? default : _verbatim.Value(row);
        }

        var at = 0;
        foreach (var part in _parts[template - 1])
        {
            switch (part.Kind)
            {
                case TemplatePartKind.Literal:
                    at = Append(at, part.Literal);
                    break;
                case TemplatePartKind.ClfTime:
                    Ensure(at + Timestamps.ClfLength);
                    at += Timestamps.FormatClf(((TimestampVector)part.Column!).Nanoseconds[row], part.Zone!.Value(row), _scratch.AsSpan(at));
                    break;
                default:
                    at = part.Column is null || !part.Column.IsPresent(row)
                        ? part.Kind == TemplatePartKind.FieldOrDash ? Append(at, "-"u8) : at
                        : Append(at, part.Column.Value(row));
                    break;
            }
        }

        return _scratch.AsSpan(0, at);
    }

    public override bool IsEmpty(int row) => (_templates[row] == 0 || !HasLiteral(_templates[row] - 1)) && Value(row).IsEmpty;

    bool HasLiteral(int template)
    {
        _hasLiteral ??= Array.ConvertAll(_parts, parts => Array.Exists(parts, part => part is { Kind: TemplatePartKind.Literal, Literal.Length: > 0 }));
        return _hasLiteral[template];
    }

    int Append(int at, ReadOnlySpan<byte> bytes)
    {
        Ensure(at + bytes.Length);
        bytes.CopyTo(_scratch.AsSpan(at));
        return at + bytes.Length;
    }

    void Ensure(int size)
    {
        if (size > _scratch.Length)
        {
            Array.Resize(ref _scratch, Math.Max(size, _scratch.Length * 2));
        }
    }

    /// <summary>One part of a template and where its text comes from.</summary>
    /// <param name="Kind">What the part is.</param>
    /// <param name="Literal">The fixed text of a literal.</param>
    /// <param name="Column">The field's column; null where no record has it.</param>
    /// <param name="Zone">For a time, the column of zones.</param>
    public readonly record struct PartSource(TemplatePartKind Kind, byte[] Literal, ColumnVector? Column, ColumnVector? Zone);
}
