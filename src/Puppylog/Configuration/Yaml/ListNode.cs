namespace Puppylog.Configuration.Yaml;

sealed record ListNode(Place Place, IReadOnlyList<SettingNode> Items) : SettingNode(Place)
{
    public override string Kind => "a list";
}
