using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded;

/// <summary>The groups that a store keeps. They change rarely and by themselves, beside whoever writes records.</summary>
static class StoreGroups
{
    /// <summary>All groups by name; none where there is no store, or one of a program that knew none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static IReadOnlyList<StreamGroup> List(string directory) => GroupCatalog.Read(Path.GetFullPath(directory));

    /// <summary>Finds selectors for a query; the store is only asked when a query names a group.</summary>
    public static Func<string, string?> Finder(string directory) =>
        name => List(directory).FirstOrDefault(group => group.Name == name)?.Match;

    /// <summary>Adds a group, or gives it another selector.</summary>
    /// <exception cref="LogStoreException">A configuration names it, or the catalogue cannot be written.</exception>
    public static void Set(string directory, StreamGroup group) => GroupCatalog.Set(Path.GetFullPath(directory), group);

    /// <summary>False where there is no such group.</summary>
    /// <exception cref="LogStoreException">A configuration names it, or the catalogue cannot be written.</exception>
    public static bool Delete(string directory, string name) => GroupCatalog.Delete(Path.GetFullPath(directory), name);

    /// <summary>Makes these the groups that a configuration names, instead of those before.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public static void Configure(string directory, IReadOnlyList<StreamGroup> groups) => GroupCatalog.Configure(Path.GetFullPath(directory), groups);
}
