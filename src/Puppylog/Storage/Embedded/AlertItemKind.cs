namespace Puppylog.Storage.Embedded;

/// <summary>What people name of alerts.</summary>
enum AlertItemKind
{
    /// <summary>A rule.</summary>
    Alert,

    /// <summary>Where notices go.</summary>
    Notifier,

    /// <summary>A time in which nobody is told.</summary>
    Silence,
}
