using System.Globalization;

namespace Puppylog.Alerts.Rules;

/// <summary>A value as a fraction, so that 1,200 hits in 120 s equal 10 and are not nearly 10.</summary>
/// <param name="Numerator">A sum, or the value itself.</param>
/// <param name="Divisor">Number of periods for an average, else 1.</param>
readonly record struct WindowValue(double Numerator, int Divisor = 1)
{
    /// <summary>Up to here a double's 15 digits make an exact decimal.</summary>
    const double LargestExact = 1e15;

    public double Number => Numerator / Divisor;

    /// <summary>Whether it is compared as a decimal.</summary>
    public bool IsExact => Math.Abs(Numerator) < LargestExact;

    public int CompareTo(decimal threshold) => IsExact
        ? ((decimal)Numerator).CompareTo(threshold * Divisor)
        : Number.CompareTo((double)threshold);

    /// <summary>At most 2 decimals, half away from zero, as the traffic alert prints them: <c>10.01</c>, <c>12.5</c>, <c>11</c>.</summary>
    public string Text => IsExact
        ? AlertText.Value((decimal)Numerator / Divisor)
        : Number.ToString("R", CultureInfo.InvariantCulture);

    public override string ToString() => Text;
}
