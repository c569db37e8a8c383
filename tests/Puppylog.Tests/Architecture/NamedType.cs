namespace Puppylog.Tests.Architecture;

/// <param name="Assembly">The assembly that it is looked for in; empty for the one being read.</param>
/// <param name="Namespace">Of the outermost type, where it is nested.</param>
/// <param name="Name">The outermost type's name.</param>
readonly record struct NamedType(string Assembly, string Namespace, string Name)
{
    /// <summary>The part of the namespace after <c>Puppylog.</c>; null outside of the library.</summary>
    public string? Room => Assembly.Length > 0 || !Namespace.StartsWith("Puppylog", StringComparison.Ordinal)
        ? null
        : Namespace.Split('.') is [_, var room, ..] ? room : "";

    public override string ToString() => $"{Namespace}.{Name}";
}
