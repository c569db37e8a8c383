namespace Puppylog.App.Api.Select;

/// <param name="FieldValue">The value.</param>
/// <param name="Hits">Records that have it.</param>
sealed record FacetValue(string FieldValue, long Hits);
