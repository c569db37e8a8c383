namespace Puppylog.Forwarding.Spooling;

/// <summary>Whose lines a spool keeps.</summary>
/// <param name="Id">Drawn when the spool was made: positions of a spool that was there before under the same name are not its own.</param>
/// <param name="Name">The source as it was named.</param>
/// <param name="Path">The source's path; null where it has none.</param>
readonly record struct SpoolOrigin(Guid Id, string Name, string? Path);
