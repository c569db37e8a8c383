namespace Puppylog.Storage.Embedded.Remote;

/// <summary>What a message on the writer's socket says. Below 128: to the writer; from 128: from it.</summary>
enum MessageKind : byte
{
    Hello = 1,
    ReadPositions = 2,
    Commit = 3,
    Cancel = 4,
    Watch = 5,
    Compact = 6,
    SetRetention = 7,
    Welcome = 128,
    Positions = 129,
    Receipt = 130,
    Failure = 131,
    Committed = 132,
    Trouble = 133,

    /// <summary>Whether somebody follows the commits: one byte, 0 or 1.</summary>
    Watched = 134,
    CompactionProgress = 135,
    Compacted = 136,
    Retention = 137,
}
