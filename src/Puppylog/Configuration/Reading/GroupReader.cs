namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>groups</c>.</summary>
static class GroupReader
{
    public static GroupConfiguration Read(MapReader map)
    {
        map.Require("name", "the group's name");
        map.Require("match", "which streams it has, like '{application_name=\"shop\"}'");
        var name = map.Text("name");
        if (name is { } given && !GroupConfiguration.IsName(given.Text))
        {
            map.Context.Add(given.Place, $"name: expected letters, digits, '_', '-' and '.', found '{given.Text}'");
        }

        var group = new GroupConfiguration(name?.Text ?? "", map.Selector("match") ?? "{}");
        map.End();
        return group;
    }
}
