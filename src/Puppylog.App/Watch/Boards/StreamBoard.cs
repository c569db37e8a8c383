using Puppylog.App.Cli.Streams;

namespace Puppylog.App.Watch.Boards;

/// <param name="Streams">What is known of each.</param>
/// <param name="Troubles">Sources that cannot be read, a sentence each.</param>
/// <param name="Remark">What there is to say where there are none.</param>
sealed record StreamBoard(IReadOnlyList<StreamRow> Streams, IReadOnlyList<string> Troubles, string? Remark = null);
