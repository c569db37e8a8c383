using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded;

/// <summary>The API keys that a store keeps. They change rarely and by themselves, beside whoever writes records.</summary>
static class StoreKeys
{
    /// <summary>All keys by name; none where there is no store, or one of a program that knew none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static IReadOnlyList<ApiKey> List(string directory) => ApiKeyCatalog.Read(Path.GetFullPath(directory));

    /// <exception cref="LogStoreException">There is a key of that name, or the catalogue cannot be written.</exception>
    public static void Add(string directory, ApiKey key) => ApiKeyCatalog.Add(Path.GetFullPath(directory), key);

    /// <summary>False where there is no such key.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public static bool Revoke(string directory, string name) => ApiKeyCatalog.Delete(Path.GetFullPath(directory), name);
}
