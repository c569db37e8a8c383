using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// Finds the template that a value follows, and its variables, in one pass: a tree of the templates' fixed text, in which
/// what several begin with stands once. A variable ends at the next separator. Where fixed text and a variable would both do,
/// the text is tried first.
/// </summary>
sealed class TemplateMatcher
{
    /// <summary>How often a value is tried again with a variable in place of text.</summary>
    const int MaxTries = 32;

    readonly SeparatorSet _set;
    readonly Node[] _nodes;
    readonly byte[] _text;

    /// <summary>For each node one behind the other the bytes that tell its children apart, and their nodes.</summary>
    readonly byte[] _branches;
    readonly int[] _children;
    readonly ByteSpan[] _variables = new ByteSpan[SeparatorSet.MaxTokens];
    readonly (int Node, int At, int Count)[] _others = new (int, int, int)[MaxTries];
    ulong[] _places = new ulong[64];

    /// <param name="Text">Where its text begins.</param>
    /// <param name="Length">Bytes of it.</param>
    /// <param name="First">Its first branch.</param>
    /// <param name="Branches">How many it has.</param>
    /// <param name="Variable">What follows a variable behind its text; -1 where none stands there.</param>
    /// <param name="Template">The template that ends behind its text; -1 for none.</param>
    /// <param name="Tail">The template whose last variable begins where this node's would; -1 for none.</param>
    /// <param name="Bytes">The first eight branches' bytes.</param>
    record struct Node(int Text, int Length, int First, int Branches, int Variable, int Template, int Tail, ulong Bytes);

    public TemplateMatcher(List<LearnedTemplate> templates, SeparatorSet set)
    {
        _set = set;
        var tree = new TemplateTree();
        for (var i = 0; i < templates.Count; i++)
        {
            tree.Add(templates[i], i);
        }

        var nodes = new List<Node>();
        var text = new List<byte>();
        var branches = new List<byte>();
        var children = new List<int>();
        Flatten(tree, nodes, text, branches, children);
        _nodes = [.. nodes];
        _text = [.. text, .. new byte[sizeof(ulong)]];
        _branches = [.. branches];
        _children = [.. children];
    }

    static int Flatten(TemplateTree tree, List<Node> nodes, List<byte> text, List<byte> branches, List<int> children)
    {
        var number = nodes.Count;
        nodes.Add(default);
        var start = text.Count;
        while (tree.TryStep(out var value, out var next))
        {
            text.Add(value);
            tree = next;
        }

        var first = branches.Count;
        foreach (var (value, _) in tree.Children)
        {
            branches.Add(value);
            children.Add(0);
        }

        var length = text.Count - start;
        for (var i = 0; i < tree.Children.Count; i++)
        {
            children[first + i] = Flatten(tree.Children[i].Node, nodes, text, branches, children);
        }

        var variable = tree.Variable is null ? -1 : Flatten(tree.Variable, nodes, text, branches, children);
        ulong bytes = 0;
        for (var i = 0; i < Math.Min(sizeof(ulong), tree.Children.Count); i++)
        {
            bytes |= (ulong)tree.Children[i].Value << (8 * i);
        }

        nodes[number] = new(start, length, first, tree.Children.Count, variable, tree.Template, tree.Tail, bytes);
        return number;
    }

    /// <summary>The template's index and where its variables lie, until the next call; -1 where the value follows none.</summary>
    /// <param name="bytes">Where the value lies.</param>
    /// <param name="value">Its place.</param>
    /// <param name="variables">Where the variables lie.</param>
    public int Match(ReadOnlySpan<byte> bytes, ByteSpan value, out ReadOnlySpan<ByteSpan> variables)
    {
        var windows = (value.Length + SeparatorSet.Width - 1) / SeparatorSet.Width;
        if (windows >= _places.Length)
        {
            _places = new ulong[windows * 2];
        }

        _set.Find(bytes, value, _places);
        _places[windows] = 0;
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        ref var first = ref MemoryMarshal.GetReference(bytes);
        ref var found = ref MemoryMarshal.GetArrayDataReference(_variables);
        int at = value.Offset, end = value.End, count = 0, others = 0, tries = 0, number = 0;
        while (true)
        {
            ref var node = ref Unsafe.Add(ref nodes, number);
            if (node.Length <= end - at && IsAt(bytes, at, node))
            {
                at += node.Length;
                var child = at < end ? Branch(node, Unsafe.Add(ref first, at)) : -1;
                if (child >= 0)
                {
                    if ((node.Variable >= 0 || node.Tail >= 0) && others < MaxTries)
                    {
                        _others[others++] = (number, at, count);
                    }

                    at++;
                    number = _children[child];
                    continue;
                }

                if (at == end && node.Template >= 0)
                {
                    variables = _variables.AsSpan(0, count);
                    return node.Template;
                }
            }
            else
            {
                number = -1;
            }

            // A variable of this node, or of one on the way.
            while (number < 0 || (_nodes[number].Variable < 0 && _nodes[number].Tail < 0))
            {
                if (others == 0 || ++tries > MaxTries)
                {
                    variables = default;
                    return -1;
                }

                (number, at, count) = _others[--others];
            }

            if (_nodes[number].Tail >= 0)
            {
                _variables[count++] = new(at, end - at);
                variables = _variables.AsSpan(0, count);
                return _nodes[number].Tail;
            }

            var next = value.Offset + Next(ref places, at - value.Offset, windows, value.Length);
            Unsafe.Add(ref found, count++) = new(at, next - at);
            at = next;
            number = Unsafe.Add(ref nodes, number).Variable;
        }
    }

    /// <summary>The place among <see cref="_children"/> of the branch with this byte; -1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Branch(in Node node, byte value)
    {
        if (node.Branches > sizeof(ulong))
        {
            var index = _branches.AsSpan(node.First, node.Branches).IndexOf(value);
            return index < 0 ? -1 : node.First + index;
        }

        // All at once: a byte that is equal becomes 0, and the lowest such byte is found by its highest bit.
        const ulong Ones = 0x0101_0101_0101_0101;
        var difference = node.Bytes ^ (value * Ones);
        var equal = (difference - Ones) & ~difference & (Ones << 7);
        return equal == 0 ? -1 : Within(node, BitOperations.TrailingZeroCount(equal) >> 3);

        static int Within(in Node node, int index) => index < node.Branches ? node.First + index : -1;
    }

    /// <summary>The first place from one on at which the value is cut; its length where none follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Next(ref ulong first, int at, int windows, int length)
    {
        // Behind the last window stands an empty one.
        var window = at / SeparatorSet.Width;
        var places = Unsafe.Add(ref first, window) & (ulong.MaxValue << at);
        while (places == 0)
        {
            if (++window >= windows)
            {
                return length;
            }

            places = Unsafe.Add(ref first, window);
        }

        return (window * SeparatorSet.Width) + BitOperations.TrailingZeroCount(places);
    }

    /// <summary>True where a node's text stands in the value, which goes so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool IsAt(ReadOnlySpan<byte> bytes, int at, in Node node)
    {
        if (node.Length <= sizeof(ulong) && at <= bytes.Length - sizeof(ulong))
        {
            // Behind the text of all nodes stand eight bytes more.
            var difference = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at))
                ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_text), node.Text));
            return node.Length == 0 || difference << (64 - (8 * node.Length)) == 0;
        }

        if (node.Length <= 2 * sizeof(ulong))
        {
            // The first and the last eight, which may overlap; without reading past the text that both have.
            ref var value = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at);
            ref var text = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_text), node.Text);
            var last = node.Length - sizeof(ulong);
            return last >= 0
                ? Load(ref value, 0) == Load(ref text, 0) && Load(ref value, last) == Load(ref text, last)
                : bytes.Slice(at, node.Length).SequenceEqual(_text.AsSpan(node.Text, node.Length));
        }

        return bytes.Slice(at, node.Length).SequenceEqual(_text.AsSpan(node.Text, node.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Load(ref byte start, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
}
