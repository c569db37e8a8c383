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

    /// <summary>Of this, less its template's number, is a node's <see cref="Node.Other"/> whose variable is the last.</summary>
    const int LastVariable = -2;

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
    /// <param name="Other">What follows a variable behind its text; -1 where none stands there; for the last variable of a template <see cref="LastVariable"/> less its number.</param>
    /// <param name="Template">The template that ends behind its text; -1 for none.</param>
    /// <param name="Start">The first eight bytes of its text.</param>
    /// <param name="Counts">All bits of those that it has.</param>
    /// <param name="Bytes">The first eight branches' bytes; where there are fewer, the first one's again.</param>
    record struct Node(int Text, int Length, int First, int Branches, int Other, int Template, ulong Start, ulong Counts, ulong Bytes);

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
        _text = [.. text];
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
        ulong bytes = 0, known = 0;
        for (var i = 0; i < sizeof(ulong); i++)
        {
            bytes |= tree.Children.Count == 0 ? 0 : (ulong)tree.Children[i < tree.Children.Count ? i : 0].Value << (8 * i);
            known |= i < length ? (ulong)text[start + i] << (8 * i) : 0;
        }

        var counts = length < sizeof(ulong) ? (1UL << (8 * length)) - 1 : ulong.MaxValue;
        nodes[number] = new(start, length, first, tree.Children.Count, tree.Tail < 0 ? variable : LastVariable - tree.Tail, tree.Template, known, counts, bytes);
        return number;
    }

    /// <summary>Where the variables lie of the value that was matched last.</summary>
    /// <param name="count">How many it has.</param>
    public ReadOnlySpan<ByteSpan> Variables(int count) => _variables.AsSpan(0, count);

    /// <summary>The template's index and how many variables the value has; -1 where it follows none.</summary>
    /// <param name="bytes">Where the value lies.</param>
    /// <param name="value">Its place.</param>
    /// <param name="count">Of <see cref="Variables"/>: a span would be written and at once read in other widths, which took 4 % of free text.</param>
    public int Match(ReadOnlySpan<byte> bytes, ByteSpan value, out int count)
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
        int at = value.Offset, end = value.End, variables = 0, others = 0, tries = 0;
        var wordEnd = bytes.Length - sizeof(ulong);
        ref var node = ref nodes;
        while (true)
        {
            var isHere = node.Length <= end - at && (node.Length <= sizeof(ulong) && at <= wordEnd
                ? ((Load(ref first, at) ^ node.Start) & node.Counts) == 0
                : IsAt(bytes, at, node));
            var other = -1;
            if (isHere)
            {
                at += node.Length;
                var child = at < end && node.Branches > 0 ? Branch(node, Unsafe.Add(ref first, at)) : -1;
                if (child >= 0)
                {
                    if (node.Other != -1 && others < MaxTries)
                    {
                        _others[others++] = (node.Other, at, variables);
                    }

                    at++;
                    node = ref Unsafe.Add(ref nodes, Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_children), child));
                    continue;
                }

                if (at == end && node.Template >= 0)
                {
                    count = variables;
                    return node.Template;
                }

                other = node.Other;
            }

            // A variable of this node, or of one on the way.
            if (other == -1)
            {
                if (others == 0 || ++tries > MaxTries)
                {
                    count = 0;
                    return -1;
                }

                (other, at, variables) = _others[--others];
            }

            if (other <= LastVariable)
            {
                _variables[variables++] = new(at, end - at);
                count = variables;
                return LastVariable - other;
            }

            var next = value.Offset + Next(ref places, at - value.Offset, windows, value.Length);
            Unsafe.Add(ref found, variables++) = new(at, next - at);
            at = next;
            node = ref Unsafe.Add(ref nodes, other);
        }
    }

    /// <summary>The place among <see cref="_children"/> of the branch with this byte; -1 where there is none. The node has branches.</summary>
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
        return equal == 0 ? -1 : node.First + (BitOperations.TrailingZeroCount(equal) >> 3);
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

    /// <summary>True where a node's text, which is not longer than the rest, stands in the value.</summary>
    bool IsAt(ReadOnlySpan<byte> bytes, int at, in Node node)
    {
        var last = node.Length - sizeof(ulong);
        if (last is < 0 or > sizeof(ulong))
        {
            return bytes.Slice(at, node.Length).SequenceEqual(_text.AsSpan(node.Text, node.Length));
        }

        // The first and the last eight, which may overlap.
        ref var value = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at);
        return Load(ref value, 0) == node.Start
            && Load(ref value, last) == Load(ref MemoryMarshal.GetArrayDataReference(_text), node.Text + last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Load(ref byte start, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
}
