using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The catalogue's alerts. Whoever evaluates them sees within a second that they have changed.</summary>
static class AlertCatalog
{
    /// <summary>The rules, notifiers and silences once more. A store that never had one has no such file.</summary>
    public static DefinitionFile<AlertItem> File { get; } = new(
        DataLayout.AlertsFile,
        (json, item) =>
        {
            json.WriteString("kind", Word(item.Kind));
            json.WriteString("name", item.Name);
            json.WriteString("definition", item.Definition);
            json.WriteBoolean("configured", item.IsConfigured);
            json.WriteString("created", Timestamps.ToRfc3339(item.Created));
        },
        line => Enum.TryParse<AlertItemKind>(DefinitionFile<AlertItem>.Text(line, "kind"), ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            && DefinitionFile<AlertItem>.Text(line, "name") is { Length: > 0 } name && DefinitionFile<AlertItem>.Text(line, "definition") is { Length: > 0 } definition
                ? new(0, kind, name, definition, line.TryGetProperty("configured", out var configured) && configured.ValueKind == System.Text.Json.JsonValueKind.True, DefinitionFile<AlertItem>.Time(line, "created"), 0)
                : null,
        item => $"{item.Kind} {item.Name}");

    static readonly DefinitionCatalog<AlertItem> Definitions =
        new("alerts", CatalogSchema.WithAlerts, (connection, transaction) => new AlertTables(connection, transaction).Items(), File);

    public static List<AlertItem> Read(string directory) => Definitions.Read(directory);

    /// <summary>Makes items, changes or removes them, as of one moment.</summary>
    public static T Change<T>(string directory, Func<AlertTables, T> change) =>
        Definitions.Change(directory, (connection, transaction) => change(new AlertTables(connection, transaction)));

    /// <summary>Fills a catalogue that was rebuilt.</summary>
    /// <param name="past">What the old one still told of them.</param>
    public static void Restore(string directory, IReadOnlyList<AlertItem> items, AlertPast? past) => Change(directory, tables =>
    {
        foreach (var item in items)
        {
            tables.Add(item);
        }

        if (past is not null)
        {
            // By name: numbers are given anew.
            var numbers = tables.Items().Where(item => item.Kind is AlertItemKind.Alert).ToDictionary(item => item.Name, item => item.Number);
            tables.Keep(new(
                [.. past.States.Where(state => numbers.ContainsKey(state.Name)).Select(state => (numbers[state.Name], state.State))],
                [.. past.Signals.Where(signal => numbers.ContainsKey(signal.Name)).Select(signal => signal.Signal with { Alert = numbers[signal.Name] })],
                past.Mark));
        }

        return true;
    });

    /// <summary>What a catalogue tells of alerts beside their definitions; null where there is none.</summary>
    public static AlertPast? Past(string directory) => Ask(directory, tables =>
    {
        var image = tables.Image();
        var signals = new List<(string, AlertSignalRow)>();
        foreach (var alert in image.Of(AlertItemKind.Alert))
        {
            signals.AddRange(tables.Signals(alert.Number).Select(signal => (alert.Name, signal)));
        }

        return new AlertPast(
            [.. image.Of(AlertItemKind.Alert).Where(alert => image.States.ContainsKey(alert.Number)).Select(alert => (alert.Name, image.States[alert.Number]))],
            signals, image.Mark);
    });

    /// <summary>Asks as of one moment; null where there is no store, or one of a program that knew none.</summary>
    public static T? Ask<T>(string directory, Func<AlertTables, T?> ask)
        where T : class =>
        System.IO.File.Exists(DataLayout.CatalogFile(directory)) ? Definitions.Ask(directory, (connection, transaction) => ask(new AlertTables(connection, transaction))) : null;

    static string Word(AlertItemKind kind) => kind switch { AlertItemKind.Alert => "alert", AlertItemKind.Notifier => "notifier", _ => "silence" };
}
