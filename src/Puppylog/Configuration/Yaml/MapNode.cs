namespace Puppylog.Configuration.Yaml;

sealed record MapNode(Place Place, IReadOnlyList<MapEntry> Entries) : SettingNode(Place)
{
    public override string Kind => "a mapping";

    public MapEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}
