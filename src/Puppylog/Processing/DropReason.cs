namespace Puppylog.Processing;

/// <summary>Why a record was dropped by wish.</summary>
enum DropReason : byte
{
    /// <summary>It was not dropped.</summary>
    None = 0,
    Filter = 1,
    Sample = 2,
    Duplicate = 3,
    Rate = 4,
}
