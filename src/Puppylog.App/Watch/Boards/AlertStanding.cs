namespace Puppylog.App.Watch.Boards;

enum AlertStanding
{
    Ok,
    Pending,
    Firing,

    /// <summary>Fires, and nobody is told.</summary>
    Silenced,
}
