namespace Puppylog.App.Api;

/// <summary>How long a request goes on, and what it takes of the others.</summary>
enum Pace
{
    /// <summary>It looks at records, and takes a turn.</summary>
    Query,

    /// <summary>It looks at what there are few of, and waits for nobody.</summary>
    Brief,

    /// <summary>It goes on until the client has gone, and takes no turn; there may be so many of them.</summary>
    Endless,
}
