using System.Collections.Immutable;
using Puppylog.Query.Filters;

namespace Puppylog.Query.Pipes;

/// <summary>What an <see cref="UnpackPipe"/> was asked to do.</summary>
/// <param name="IsLogfmt">Logfmt, not JSON.</param>
/// <param name="Condition">Rows that it unpacks; null for all.</param>
/// <param name="From">The field to unpack.</param>
/// <param name="Fields">The keys to take, or the beginnings of keys before a <c>*</c>; all where there are none.</param>
/// <param name="Prefix">Goes before each key.</param>
/// <param name="KeepsOriginal">A row's own value stays where it is not empty.</param>
/// <param name="SkipsEmpty">A row's own value stays where the unpacked one is empty.</param>
sealed record UnpackSyntax(bool IsLogfmt, Filter? Condition, string From, ImmutableArray<string> Fields, string Prefix, bool KeepsOriginal, bool SkipsEmpty);
