namespace Puppylog.App.Api.Select;

/// <summary>Answer to a query that was not run, or not to its end.</summary>
/// <param name="Error">Why, for people; of a query that is not understood with the query and a caret below the place.</param>
/// <param name="Query">The query that is not understood.</param>
/// <param name="Position">Characters before the place in it, from 0.</param>
/// <param name="Message">Why, without the query.</param>
sealed record QueryRefusal(string Error, string? Query = null, int? Position = null, string? Message = null)
{
    /// <summary>As Prometheus' API says it, whose clients ask for stats.</summary>
    public string Status => "error";
}
