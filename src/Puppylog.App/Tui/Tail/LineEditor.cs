using System.Globalization;
using Puppylog.App.Tui.Terminal;

namespace Puppylog.App.Tui.Tail;

/// <summary>A line of text that is edited, with a cursor between its characters.</summary>
sealed class LineEditor(string text)
{
    /// <summary>Longer ones are no filters that somebody types.</summary>
    public const int MaxLength = 2000;

    public string Text { get; private set; } = text;

    /// <summary>UTF-16 units before it.</summary>
    public int Cursor { get; private set; } = text.Length;

    /// <summary>False where the key means nothing here.</summary>
    public bool Handle(Key key)
    {
        switch (key.Kind, key.Text)
        {
            case (KeyKind.Text, _):
                Insert(key.Text);
                return true;
            case (KeyKind.Backspace, _):
                Remove(Before(Cursor), Cursor);
                return true;
            case (KeyKind.Delete, _) or (KeyKind.Control, "d"):
                Remove(Cursor, After(Cursor));
                return true;
            case (KeyKind.Left, _) or (KeyKind.Control, "b"):
                Cursor = Before(Cursor);
                return true;
            case (KeyKind.Right, _) or (KeyKind.Control, "f"):
                Cursor = After(Cursor);
                return true;
            case (KeyKind.Home, _) or (KeyKind.Control, "a"):
                Cursor = 0;
                return true;
            case (KeyKind.End, _) or (KeyKind.Control, "e"):
                Cursor = Text.Length;
                return true;
            case (KeyKind.Control, "u"):
                Remove(0, Cursor);
                return true;
            case (KeyKind.Control, "k"):
                Remove(Cursor, Text.Length);
                return true;
            case (KeyKind.Control, "w"):
                Remove(Text[..Cursor].TrimEnd().LastIndexOf(' ') + 1, Cursor);
                return true;
            default:
                return false;
        }
    }

    void Insert(string text)
    {
        if (Text.Length + text.Length <= MaxLength)
        {
            Text = Text.Insert(Cursor, text);
            Cursor += text.Length;
        }
    }

    void Remove(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    int Before(int place)
    {
        var before = 0;
        for (var at = 0; at < place; at += StringInfo.GetNextTextElementLength(Text, at))
        {
            before = at;
        }

        return before;
    }

    int After(int place) => place >= Text.Length ? place : place + StringInfo.GetNextTextElementLength(Text, place);
}
