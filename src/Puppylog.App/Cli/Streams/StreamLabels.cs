using System.Text;

namespace Puppylog.App.Cli.Streams;

/// <summary>Reads a stream's fields from its text: <c>{file_path="/a",application_name="shop"}</c>.</summary>
static class StreamLabels
{
    /// <summary>The fields in their order; as far as it is understood.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string stream)
    {
        var labels = new List<KeyValuePair<string, string>>();
        var at = 1;
        while (at < stream.Length && stream.IndexOf("=\"", at, StringComparison.Ordinal) is var equals and > 0)
        {
            var name = stream[at..equals];
            var value = new StringBuilder();
            for (at = equals + 2; at < stream.Length && stream[at] != '"'; at++)
            {
                if (stream[at] == '\\' && at + 1 < stream.Length)
                {
                    at++;
                    value.Append(stream[at] == 'n' ? '\n' : stream[at]);
                }
                else
                {
                    value.Append(stream[at]);
                }
            }

            labels.Add(new(name, value.ToString()));
            // The quote and the comma.
            at += 2;
        }

        return labels;
    }
}
