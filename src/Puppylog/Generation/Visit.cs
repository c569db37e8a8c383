namespace Puppylog.Generation;

/// <summary>One request to the <see cref="Site"/>.</summary>
/// <param name="ClientNumber">The client's place among the clients, the busiest first.</param>
/// <param name="ReferringPage">The page of the site that led here, empty where <paramref name="Referrer"/> says it all.</param>
/// <param name="Size">Bytes of the answer; -1 where there was none.</param>
/// <param name="Microseconds">How long it took.</param>
readonly record struct Visit(
    int ClientNumber,
    byte[] Client,
    byte[] Method,
    byte[] Route,
    byte[] Referrer,
    byte[] ReferringPage,
    byte[] Agent,
    int Status,
    int Size,
    int Microseconds);
