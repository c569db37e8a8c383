namespace Puppylog.App.Api;

/// <summary>Answer to a request that was not done, or not to its end.</summary>
/// <param name="Error">Why, for people: all that is wrong, a line each; of a query that is not understood with the query and a caret below the place.</param>
/// <param name="Query">The query that is not understood.</param>
/// <param name="Position">Characters before the place in it, from 0.</param>
/// <param name="Message">Why, without the query.</param>
/// <param name="Mistakes">What is wrong with a body, or a configuration, each by itself.</param>
sealed record RequestRefusal(string Error, string? Query = null, int? Position = null, string? Message = null, IReadOnlyList<BodyMistake>? Mistakes = null)
{
    /// <summary>As Prometheus' API says it, whose clients ask for stats.</summary>
    public string Status => "error";
}
