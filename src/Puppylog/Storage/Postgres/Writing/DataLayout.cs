using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>
/// Which columns of a batch go into <c>data</c>, and where: fields are nested again at their dots, and those of an object
/// named <c>data</c> stand in it directly. Two fields that would share a place keep their whole names.
/// </summary>
static class DataLayout
{
    public const string DataPrefix = "data.";

    /// <summary>Names with more dots are kept as one key.</summary>
    const int MaxDots = 32;

    public static DataNode Of(RecordBatch batch)
    {
        var root = new DataNode("");
        var columns = batch.Columns.Where(column => column.IsUsed && IsInData(column.Name)).ToList();
        var tops = columns.Where(column => !column.Name.StartsWith(DataPrefix, StringComparison.Ordinal)).Select(column => Top(column.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var name = column.Name;
            if (name.Length > DataPrefix.Length && name.StartsWith(DataPrefix, StringComparison.Ordinal) && !tops.Contains(Top(name[DataPrefix.Length..])))
            {
                name = name[DataPrefix.Length..];
            }

            var node = root;
            foreach (var key in name.Count(c => c == '.') > MaxDots ? [name] : name.Split('.'))
            {
                node = node.Member(key);
            }

            node.Column = column;
        }

        return root;
    }

    static bool IsInData(string name) => name != FieldNames.Stream && !FieldNames.IsHidden(name) && LogColumn.Find(name) is null;

    static string Top(string name) => name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? name[..dot] : name;
}
