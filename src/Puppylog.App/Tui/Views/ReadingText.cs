using Puppylog.App.Tui.Drawing;

namespace Puppylog.App.Tui.Views;

/// <summary>What stands in place of something that was not read yet, cannot be read, or is empty.</summary>
static class ReadingText
{
    /// <summary>Null where there is something to show.</summary>
    /// <param name="reading">What was read.</param>
    /// <param name="empty">What there is to say where it is empty; null where it is not.</param>
    public static string? Instead<T>(Reading<T> reading, string? empty)
        where T : class =>
        reading.Failure is { } failure ? $"Cannot be read: {failure}" : reading.Value is null ? "reading …" : empty;

    /// <summary>Words over as many lines as they need.</summary>
    public static void Draw(Area area, string text)
    {
        var (line, column) = (0, 1);
        foreach (var word in text.Split(' '))
        {
            var width = Area.Columns(word);
            if (column > 1 && column + width >= area.Width)
            {
                (line, column) = (line + 1, 1);
            }

            column = area.Write(column, line, word, Style.Dim) + 1;
        }
    }
}
