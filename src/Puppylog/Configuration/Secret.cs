namespace Puppylog.Configuration;

/// <summary>A value that is never shown.</summary>
sealed record Secret(string Value)
{
    public const string Mask = "********";

    /// <summary>True for the name of a setting that holds a secret: <c>token</c>, <c>smtp_password</c>, <c>api_key</c>.</summary>
    public static bool IsNameOfOne(string name) =>
        name.Split('_', '-', '.') is { } words
        && Array.Exists(words, word => word.ToLowerInvariant() is "token" or "password" or "passwd" or "secret" or "key" or "apikey" or "credentials" or "authorization");

    public override string ToString() => Mask;
}
