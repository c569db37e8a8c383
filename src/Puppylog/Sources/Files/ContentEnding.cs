using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>
/// Asked when the content of a file ends. True where a copy of it was found and is read on: then what is left of an unfinished
/// line is part of that.
/// </summary>
/// <param name="reached">How far it was read, the beginning of an unfinished line included.</param>
/// <param name="whole">Behind the last whole line.</param>
delegate bool ContentEnding(FollowedFile file, SourcePosition reached, SourcePosition whole);
