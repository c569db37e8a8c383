namespace Puppylog.App.Watch.Boards;

enum AlertStanding
{
    Ok,

    /// <summary>Not evaluated yet.</summary>
    Unknown,
    Pending,
    Firing,

    /// <summary>Fires, and nobody is told.</summary>
    Silenced,
}
