using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Columns of a block as they were when it was encoded, for who reads it at once: decoding them again would give the same.</summary>
sealed class KeptColumns(IReadOnlySet<string> names)
{
    readonly Dictionary<string, ColumnVector> _columns = new(StringComparer.Ordinal);

    public ColumnVector? Find(string name) => _columns.GetValueOrDefault(name);

    /// <summary>Keeps a column of few distinct values, where it is asked for.</summary>
    public void Add(string name, ValueDictionary dictionary, int count)
    {
        if (!names.Contains(name))
        {
            return;
        }

        // All but the absent one's.
        var values = dictionary.Values;
        var absent = dictionary.AbsentCode;
        ByteSpan[] spans = absent < 0 ? values.ToArray() : [.. values[..absent], .. values[(absent + 1)..]];
        var distinct = new TextVector(spans.Length, dictionary.Text.ToArray(), spans);
        _columns[name] = DictionaryVector.Of(count, distinct, dictionary.Codes(count).ToArray(), dictionary.AbsentCode, dictionary.HasKinds ? dictionary.Kinds.ToArray() : null);
    }
}
