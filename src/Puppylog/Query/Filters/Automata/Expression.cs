using System.Collections.Immutable;

namespace Puppylog.Query.Filters.Automata;

/// <summary>What a regular expression says, without what only matters for the place and groups of a match.</summary>
abstract record Expression
{
    /// <summary>One character out of a set.</summary>
    public sealed record Character(CharacterSet Set) : Expression;

    /// <summary>One after the other; none: the empty text.</summary>
    public sealed record Sequence(ImmutableArray<Expression> Parts) : Expression;

    public sealed record Choice(ImmutableArray<Expression> Options) : Expression;

    /// <summary>Some times the same.</summary>
    /// <param name="Inner">What is repeated.</param>
    /// <param name="Least">How often at least.</param>
    /// <param name="Most">How often at most; -1 for any number.</param>
    public sealed record Repetition(Expression Inner, int Least, int Most) : Expression;

    /// <summary>A condition on the place between two characters.</summary>
    public sealed record Anchor(AnchorKind Kind) : Expression;
}
