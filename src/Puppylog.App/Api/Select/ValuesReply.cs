namespace Puppylog.App.Api.Select;

/// <param name="Values">Most hits first; names in their order.</param>
sealed record ValuesReply(IReadOnlyList<ValueHits> Values);
