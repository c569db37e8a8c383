using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// Where the fields of the line at hand lie; what stands between them makes its template. For parsers whose lines vary too
/// much for templates that are known beforehand.
/// </summary>
sealed class LineSketch
{
    const ulong Step = 0x9E37_79B9_7F4A_7C15;

    readonly LineForms _forms = new();
    Piece[] _pieces = new Piece[16];
    int _count;
    ulong _salt;

    public void Bind(RecordBatch batch) => _forms.Bind(batch);

    /// <summary>Begins a line.</summary>
    public void Begin()
    {
        _count = 0;
        _salt = 0;
        IsWhole = true;
    }

    /// <summary>False where the line does not follow from its fields.</summary>
    public bool IsWhole { get; private set; }

    public void Spoil() => IsWhole = false;

    /// <summary>A field that the line has as it is, in the order of the places.</summary>
    /// <param name="start">In the line.</param>
    /// <param name="end">Behind it.</param>
    /// <param name="name">The field's name; constant or kept by the caller.</param>
    /// <param name="orDash">Where the field is absent, the line has a dash.</param>
    public void Add(int start, int end, string name, bool orDash = false) =>
        Add(new(start, end, new(orDash ? TemplatePartKind.FieldOrDash : TemplatePartKind.Field, name)));

    /// <summary>The record's time; in <see cref="FieldNames.LineTime"/> where no form gives it back.</summary>
    public void AddTime(int start, int end, TimeForm? form)
    {
        Salt(form is null ? 0 : RuntimeHelpers.GetHashCode(form));
        Add(new(start, end, form is null ? new(TemplatePartKind.Field, FieldNames.LineTime) : new(TemplatePartKind.Time, FieldNames.Time) { Time = form }));
    }

    /// <summary>A text that itself follows a template, within the line as it is or as the text of a JSON string.</summary>
    public void AddInner(int start, int end, LineTemplate inner, JsonEscapes? escapes)
    {
        Salt(RuntimeHelpers.GetHashCode(inner));
        Salt(escapes?.Number ?? 0);
        Add(new(start, end, default) { Inner = inner, Escapes = escapes });
    }

    /// <summary>A field whose text the line has escaped.</summary>
    public void AddEscaped(int start, int end, string name, JsonEscapes escapes)
    {
        Salt(escapes.Number);
        Add(new(start, end, new(TemplatePartKind.EscapedField, name) { Escapes = escapes }));
    }

    /// <summary>Something that tells lines apart although the text between their fields is the same.</summary>
    public void Salt(int value) => _salt = (_salt ^ (uint)value) * Step;

    void Add(Piece piece)
    {
        if (_count == _pieces.Length)
        {
            Array.Resize(ref _pieces, _count * 2);
        }

        _pieces[_count++] = piece;
    }

    /// <summary>The number of the line's template; 0 where it has none.</summary>
    public byte Template(ReadOnlySpan<byte> text)
    {
        if (!IsWhole)
        {
            return 0;
        }

        var signature = _salt + (uint)_count;
        var at = 0;
        foreach (ref readonly var piece in _pieces.AsSpan(0, _count))
        {
            signature = Hash(signature, text[at..piece.Start]);
            at = piece.End;
        }

        signature = Hash(signature, text[at..]);
        return _forms.TryFind(signature, out var number) ? number : _forms.Learn(signature, Parts(text));
    }

    static ulong Hash(ulong hash, ReadOnlySpan<byte> literal)
    {
        hash = (hash ^ (uint)literal.Length) * Step;
        foreach (var b in literal)
        {
            hash = (hash ^ b) * Step;
        }

        return hash ^ (hash >> 32);
    }

    List<TemplatePart>? Parts(ReadOnlySpan<byte> text)
    {
        var parts = new List<TemplatePart>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var at = 0;
        foreach (ref readonly var piece in _pieces.AsSpan(0, _count))
        {
            var literal = text[at..piece.Start];
            parts.Add(new(TemplatePartKind.Literal, Encoding.UTF8.GetString(literal)));
            if (!Utf8.IsValid(literal) || !TryAdd(parts, piece))
            {
                return null;
            }

            at = piece.End;
        }

        parts.Add(new(TemplatePartKind.Literal, Encoding.UTF8.GetString(text[at..])));

        // Of a name that comes twice only the last value is kept.
        return Utf8.IsValid(text[at..]) && parts.Where(part => part.Kind != TemplatePartKind.Literal).All(part => names.Add(part.Text)) ? parts : null;
    }

    static bool TryAdd(List<TemplatePart> parts, in Piece piece)
    {
        if (piece.Inner is null)
        {
            parts.Add(piece.Part);
            return true;
        }

        foreach (var part in piece.Inner.Parts)
        {
            if (piece.Escapes is not { } escapes)
            {
                parts.Add(part);
                continue;
            }

            switch (part.Kind)
            {
                case TemplatePartKind.Literal:
                    parts.Add(part with { Text = Escaped(part.Text, escapes) });
                    break;
                case TemplatePartKind.Field:
                    parts.Add(part with { Kind = TemplatePartKind.EscapedField, Escapes = escapes });
                    break;
                default:
                    // A dash for what is absent, a time, a string within the string: a template cannot say them escaped.
                    return false;
            }
        }

        return true;
    }

    static string Escaped(string text, JsonEscapes escapes)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var target = new byte[bytes.Length * JsonEscapes.MaxGrowth];
        return Encoding.UTF8.GetString(target.AsSpan(0, escapes.Write(bytes, target)));
    }

    readonly record struct Piece(int Start, int End, TemplatePart Part)
    {
        public LineTemplate? Inner { get; init; }

        public JsonEscapes? Escapes { get; init; }
    }
}
