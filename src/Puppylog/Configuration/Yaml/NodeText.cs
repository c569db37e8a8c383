using System.Text;

namespace Puppylog.Configuration.Yaml;

/// <summary>Tells whether two settings say the same, wherever they stand.</summary>
static class NodeText
{
    /// <summary>Longer ones, which only aliases make, count as different from all others.</summary>
    const int MostCharacters = 1 << 20;

    /// <summary>A text that only equal settings share.</summary>
    public static string Of(SettingNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.Length < MostCharacters ? text.ToString() : Guid.NewGuid().ToString();
    }

    static void Append(StringBuilder text, SettingNode? node)
    {
        if (text.Length >= MostCharacters)
        {
            return;
        }

        switch (node)
        {
            case TextNode leaf:
                text.Append(leaf.Value.Length).Append(':').Append(leaf.Value);
                break;
            case ListNode list:
                text.Append('[');
                foreach (var item in list.Items)
                {
                    Append(text, item);
                }

                text.Append(']');
                break;
            case MapNode map:
                text.Append('{');
                foreach (var entry in map.Entries)
                {
                    text.Append(entry.Key.Length).Append(':').Append(entry.Key);
                    Append(text, entry.Value);
                }

                text.Append('}');
                break;
        }
    }
}
