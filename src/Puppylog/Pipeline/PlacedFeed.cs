namespace Puppylog.Pipeline;

/// <summary>A source, and the lane that reads it.</summary>
readonly record struct PlacedFeed(Lane Lane, SourceFeed Feed);
