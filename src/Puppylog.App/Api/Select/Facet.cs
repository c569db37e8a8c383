namespace Puppylog.App.Api.Select;

/// <param name="FieldName">The field.</param>
/// <param name="Values">Its most frequent values, most hits first.</param>
sealed record Facet(string FieldName, IReadOnlyList<FacetValue> Values);
