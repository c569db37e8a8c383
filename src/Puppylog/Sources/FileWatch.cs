namespace Puppylog.Sources;

/// <summary>A watched file or directory.</summary>
sealed class FileWatch(int descriptor)
{
    public int Descriptor => descriptor;

    public int Holders { get; set; }

    /// <summary>True where content was written or cut since this was last set to false; a touch does not count.</summary>
    public bool Modified { get; set; }
}
