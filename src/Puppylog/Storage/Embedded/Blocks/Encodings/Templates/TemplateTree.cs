namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>The fixed text of templates, byte by byte: what a <see cref="TemplateMatcher"/> is made of.</summary>
sealed class TemplateTree
{
    readonly List<(byte Value, TemplateTree Node)> _children = [];

    /// <summary>What follows next, by its first byte.</summary>
    public IReadOnlyList<(byte Value, TemplateTree Node)> Children => _children;

    /// <summary>What follows a variable that begins here.</summary>
    public TemplateTree? Variable { get; private set; }

    /// <summary>The template that ends here, or -1.</summary>
    public int Template { get; private set; } = -1;

    /// <summary>The template whose last variable begins here, or -1.</summary>
    public int Tail { get; private set; } = -1;

    public void Add(LearnedTemplate template, int number)
    {
        var node = this;
        for (var i = 0; i < template.Tokens.Length; i++)
        {
            if (template.HasTail && i == template.Tokens.Length - 1)
            {
                node.Tail = node.Tail < 0 ? number : node.Tail;
                return;
            }

            foreach (var value in template.Tokens[i] ?? [])
            {
                node = node.Child(value);
            }

            node = template.Tokens[i] is null ? node.Variable ??= new() : node;
            if (i < template.Separators.Length)
            {
                node = node.Child(template.Separators[i]);
            }
        }

        node.Template = node.Template < 0 ? number : node.Template;
    }

    /// <summary>The only way on from here; false where there are several, none, or something ends here.</summary>
    public bool TryStep(out byte value, out TemplateTree next)
    {
        (value, next) = _children.Count == 1 ? _children[0] : (default, this);
        return _children.Count == 1 && Variable is null && Template < 0 && Tail < 0;
    }

    TemplateTree Child(byte value)
    {
        foreach (var (known, node) in _children)
        {
            if (known == value)
            {
                return node;
            }
        }

        var child = new TemplateTree();
        _children.Add((value, child));
        return child;
    }
}
