namespace Puppylog.Configuration;

/// <summary>A place in a configuration file; line and column count from 1, in characters.</summary>
readonly record struct Place(int Line, int Column);
