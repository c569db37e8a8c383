using System.Globalization;

namespace Puppylog.App.Api.Tail;

/// <summary>
/// How far a tail has come: a commit, and how many of its matching records were sent. It holds for the same query, also after
/// the server was started again or the store compacted.
/// </summary>
/// <param name="Commit">The commit.</param>
/// <param name="Sent">Its records that were sent; all of them where the next commit is the next to look at.</param>
readonly record struct TailCursor(long Commit, long Sent)
{
    const long All = -1;

    /// <summary>Behind everything of a commit.</summary>
    public static TailCursor Behind(long commit) => new(commit, All);

    /// <summary>The commit behind which to go on watching.</summary>
    public long After => Sent == All ? Commit : Commit - 1;

    /// <summary>Matching records of a commit that the client has already.</summary>
    public long Known(long commit) => Sent != All && commit == Commit ? Sent : 0;

    public static bool TryParse(string? text, out TailCursor cursor)
    {
        cursor = default;
        var parts = text?.Split('-') ?? [];
        if (parts is not [var commit, ..] || parts.Length > 2
            || !long.TryParse(commit, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var sent = All;
        if (parts.Length == 2 && !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out sent))
        {
            return false;
        }

        cursor = new(number, sent);
        return true;
    }

    /// <summary><c>17-3</c>, or <c>17</c> for all of commit 17.</summary>
    public override string ToString() => Sent == All ? string.Create(CultureInfo.InvariantCulture, $"{Commit}") : string.Create(CultureInfo.InvariantCulture, $"{Commit}-{Sent}");
}
