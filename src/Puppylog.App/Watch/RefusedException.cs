namespace Puppylog.App.Watch;

/// <summary>A server does not let this dashboard in, or is none that serves any: trying again will hardly help.</summary>
sealed class RefusedException(string message) : IOException(message);
