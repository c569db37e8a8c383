namespace Puppylog.Parsing.Json;

/// <summary>What a field of a JSON line is used as beside, or instead of, its own name.</summary>
enum JsonRole : byte
{
    /// <summary>A field like any other.</summary>
    None = 0,
    Time = 1,
    Message = 2,
    Level = 3,
}
