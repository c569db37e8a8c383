namespace Puppylog.App.Api.Select;

/// <param name="Facets">A field each, by name.</param>
sealed record FacetsReply(IReadOnlyList<Facet> Facets);
