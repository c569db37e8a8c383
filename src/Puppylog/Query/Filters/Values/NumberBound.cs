using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Values;

/// <summary>One end of a range of numbers.</summary>
readonly record struct NumberBound(Number Value, bool IsIncluded)
{
    const double LongLimit = 9223372036854775808.0;

    public static NumberBound None(bool isUpper) =>
        new(new(isUpper ? double.PositiveInfinity : double.NegativeInfinity, 0, false), true);

    public bool IsBelow(double value) => IsIncluded ? value >= Value.Float : value > Value.Float;

    public bool IsAbove(double value) => IsIncluded ? value <= Value.Float : value < Value.Float;

    /// <summary>The smallest integer that is not below this lower bound; false where a long holds none.</summary>
    public bool TryGetLeast(out long least)
    {
        if (Value.IsInteger)
        {
            least = IsIncluded ? Value.Integer : Value.Integer + 1;
            return IsIncluded || Value.Integer < long.MaxValue;
        }

        var ceiling = Math.Ceiling(Value.Float);
        least = ceiling <= -LongLimit ? long.MinValue : ceiling >= LongLimit ? long.MaxValue : (long)ceiling;
        if (!IsIncluded && ceiling == Value.Float && ceiling > -LongLimit && ceiling < LongLimit)
        {
            least++;
        }

        return ceiling < LongLimit;
    }

    /// <summary>The largest integer that is not above this upper bound; false where a long holds none.</summary>
    public bool TryGetMost(out long most)
    {
        if (Value.IsInteger)
        {
            most = IsIncluded ? Value.Integer : Value.Integer - 1;
            return IsIncluded || Value.Integer > long.MinValue;
        }

        var floor = Math.Floor(Value.Float);
        most = floor >= LongLimit ? long.MaxValue : floor < -LongLimit ? long.MinValue : (long)floor;
        if (!IsIncluded && floor == Value.Float && floor > -LongLimit && floor < LongLimit)
        {
            most--;
        }

        return floor >= -LongLimit;
    }
}
