using System.Collections.Immutable;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary>Reads what follows the filter.</summary>
static class PipeParser
{
    /// <summary>Reads pipes from the first <c>|</c> on.</summary>
    public static ImmutableArray<Pipe> Parse(TokenReader reader, long now) => throw reader.Expected("the end of the query (pipes are not built yet)");
}
