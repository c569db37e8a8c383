namespace Puppylog.App.Api.Select;

/// <param name="Value">A field's value, or a name.</param>
/// <param name="Hits">Records that have it.</param>
sealed record ValueHits(string Value, long Hits);
