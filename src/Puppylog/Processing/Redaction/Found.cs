namespace Puppylog.Processing.Redaction;

/// <summary>A place in the lines that will be rewritten.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte after its last one.</param>
/// <param name="Token">Where in the tokens lies what takes its place.</param>
/// <param name="TokenLength">Bytes of that.</param>
/// <param name="KeepsParts">True where part of the match is kept, as with an address: another match at the same place goes before it.</param>
readonly record struct Found(int Start, int End, int Token, int TokenLength, bool KeepsParts);
