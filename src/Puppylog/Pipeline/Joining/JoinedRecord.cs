namespace Puppylog.Pipeline.Joining;

/// <summary>A record of one or more lines, as places in what a <see cref="RecordJoiner"/> holds.</summary>
sealed class JoinedRecord
{
    /// <summary>Its lines, without the newline behind the last; adjacent lines are one piece, with the newlines between them.</summary>
    public List<(int Start, int End)> Pieces { get; } = new(1);

    public int Start => Pieces[0].Start;

    public int End => Pieces[^1].End;

    public int Lines { get; set; }

    /// <summary>Bytes that its last line lost because it was too long.</summary>
    public long Cut { get; set; }

    public bool IsComplete { get; set; }

    /// <summary>When its last line came: a timestamp of the clock.</summary>
    public long LastCame { get; set; }

    public void Begin(int start, int end)
    {
        Pieces.Clear();
        Pieces.Add((start, end));
        Lines = 1;
        Cut = 0;
        IsComplete = false;
    }

    public void Extend(int start, int end)
    {
        if (start == End + 1)
        {
            Pieces[^1] = (Start: Pieces[^1].Start, end);
        }
        else
        {
            Pieces.Add((start, end));
        }

        Lines++;
    }

    public void MoveBack(int by)
    {
        for (var i = 0; i < Pieces.Count; i++)
        {
            Pieces[i] = (Pieces[i].Start - by, Pieces[i].End - by);
        }
    }
}
