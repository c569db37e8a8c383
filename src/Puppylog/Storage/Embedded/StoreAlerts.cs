using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded;

/// <summary>The alerts that a store keeps, beside whoever writes records. Where they stand is changed by <see cref="IAlertKeeper"/> alone.</summary>
static class StoreAlerts
{
    /// <summary>All but the histories; <see cref="AlertImage.None"/> where there is no store, or one of a program that knew none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static AlertImage Read(string directory) => AlertCatalog.Ask(Path.GetFullPath(directory), tables => tables.Image()) ?? AlertImage.None;

    /// <summary>What changes whenever rules, notifiers, silences or metrics do.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static (long Alerts, long Metrics) Revisions(string directory) =>
        AlertCatalog.Ask(Path.GetFullPath(directory), tables => Tuple.Create(tables.Revision(), tables.MetricRevision())) is { } revisions ? (revisions.Item1, revisions.Item2) : default;

    /// <summary>A rule's history, in order.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static IReadOnlyList<AlertSignalRow> Signals(string directory, long alert) => AlertCatalog.Ask(Path.GetFullPath(directory), tables => tables.Signals(alert)) ?? [];

    /// <summary>The times of the records that commits up to a number have brought, and of those after.</summary>
    /// <param name="last">The last commit that is looked at.</param>
    /// <param name="near">Records up to here may be live, in nanoseconds.</param>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static CommittedTimes Times(string directory, long commit, long last, long near) =>
        AlertCatalog.Ask(Path.GetFullPath(directory), tables => tables.Times(commit, last, near)) ?? new(null, null, null, null);

    /// <summary>Adds items, all or none.</summary>
    /// <exception cref="LogStoreException">There is one of that name already, or the catalogue cannot be written.</exception>
    public static void Add(string directory, IReadOnlyList<AlertItem> items) => AlertCatalog.Change(Path.GetFullPath(directory), tables =>
    {
        var known = tables.Items();
        foreach (var item in items)
        {
            if (known.Any(other => other.Kind == item.Kind && other.Name == item.Name))
            {
                throw new LogStoreException(item.Kind switch
                {
                    AlertItemKind.Alert => $"there is an alert '{item.Name}' already; 'puppylog alerts delete {item.Name}' removes it, another --identifier keeps both",
                    AlertItemKind.Notifier => $"there is a notifier '{item.Name}' already; 'puppylog alerts notifiers delete {item.Name}' removes it",
                    _ => $"there is a silence '{item.Name}' already",
                });
            }

            tables.Add(item);
        }

        return true;
    });

    /// <summary>Removes an item and all that is kept of it; false where there is none.</summary>
    /// <exception cref="LogStoreException">A configuration names it, or the catalogue cannot be written.</exception>
    public static bool Remove(string directory, AlertItemKind kind, string name) => AlertCatalog.Change(Path.GetFullPath(directory), tables =>
    {
        if (tables.Items().FirstOrDefault(item => item.Kind == kind && item.Name == name) is not { } found)
        {
            return false;
        }

        if (found.IsConfigured)
        {
            throw new LogStoreException($"'{name}' is named in the configuration; change it there");
        }

        tables.Remove(found.Number);
        return true;
    });

    /// <summary>Gives an item another definition; false where there is none.</summary>
    /// <param name="change">Makes the new definition of the old one.</param>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public static bool Change(string directory, AlertItemKind kind, string name, Func<string, string> change) => AlertCatalog.Change(Path.GetFullPath(directory), tables =>
    {
        if (tables.Items().FirstOrDefault(item => item.Kind == kind && item.Name == name) is not { } found)
        {
            return false;
        }

        tables.Change(found.Number, change(found.Definition));
        return true;
    });

    /// <summary>Makes these what a configuration names, instead of what it named before; who is still named keeps its history.</summary>
    /// <exception cref="LogStoreException">One of them was made by a command, or the catalogue cannot be written.</exception>
    public static void Configure(string directory, IReadOnlyList<AlertItem> items) => AlertCatalog.Change(Path.GetFullPath(directory), tables =>
    {
        var known = tables.Items();
        foreach (var gone in known.Where(item => item.IsConfigured && !items.Any(other => other.Kind == item.Kind && other.Name == item.Name)))
        {
            tables.Remove(gone.Number);
        }

        foreach (var item in items)
        {
            switch (known.FirstOrDefault(other => other.Kind == item.Kind && other.Name == item.Name))
            {
                case null:
                    tables.Add(item with { IsConfigured = true });
                    break;
                case { IsConfigured: false }:
                    throw new LogStoreException(
                        $"{(item.Kind is AlertItemKind.Alert ? "an alert" : "a notifier")} '{item.Name}' was made by a command and is named in the configuration, too; delete it ('puppylog alerts {(item.Kind is AlertItemKind.Alert ? "" : "notifiers ")}delete {item.Name}') or rename it in the file");
                case var same when same.Definition != item.Definition:
                    tables.Change(same.Number, item.Definition);
                    break;
            }
        }

        // Secrets are not in the catalogue, and may have changed.
        tables.Changed();
        return true;
    });
}
