namespace Puppylog.Metrics;

/// <summary>What a value is as a number.</summary>
enum NumberForm : byte
{
    None,
    Integer,
    Float,
}
