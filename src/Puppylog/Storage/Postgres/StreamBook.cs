using System.Text;
using Npgsql;
using Puppylog.Records;

namespace Puppylog.Storage.Postgres;

/// <summary>The numbers under which rows name their streams. Kept for the life of the store: a stream never changes its number. Thread-safe.</summary>
sealed class StreamBook
{
    /// <summary>Longer ones stand with the row.</summary>
    public const int MaxLength = 8000;

    /// <summary>More are forgotten and asked for again.</summary>
    const int MaxKnown = 200_000;

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    readonly Dictionary<int, byte[]> _names = [];

    /// <summary>The number of each record's stream, 0 for none; new streams are made, in a transaction of their own.</summary>
    public async ValueTask<int[]> NumbersAsync(NpgsqlConnection connection, RecordBatch batch, CancellationToken cancellationToken)
    {
        var numbers = new int[batch.Count];
        if (batch.FindColumn(FieldNames.Stream) is not { } column)
        {
            return numbers;
        }

        var missing = new HashSet<string>(StringComparer.Ordinal);
        Resolve(batch, column, numbers, missing);
        if (missing.Count > 0)
        {
            await MakeAsync(connection, missing, cancellationToken).ConfigureAwait(false);
            Resolve(batch, column, numbers, []);
        }

        return numbers;
    }

    /// <summary>Gives rows that were read the names of their streams.</summary>
    public async ValueTask NameAsync(NpgsqlConnection connection, RecordBatch batch, int[] numbers, CancellationToken cancellationToken)
    {
        var missing = new HashSet<int>();
        lock (_gate)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                if (numbers[row] != 0 && !_names.ContainsKey(numbers[row]))
                {
                    missing.Add(numbers[row]);
                }
            }
        }

        if (missing.Count > 0)
        {
            using var command = new NpgsqlCommand("SELECT id, stream FROM log_streams WHERE id = ANY ($1)", connection);
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. missing] });
            await LearnAsync(command, cancellationToken).ConfigureAwait(false);
        }

        var spans = new Dictionary<int, ByteSpan>();
        var column = batch.Column(FieldNames.Stream);
        for (var row = 0; row < batch.Count; row++)
        {
            if (numbers[row] == 0)
            {
                continue;
            }

            if (!spans.TryGetValue(numbers[row], out var span))
            {
                span = Name(numbers[row]) is { } name ? batch.Append(name) : ByteSpan.Absent;
                spans.Add(numbers[row], span);
            }

            if (!span.IsAbsent && column.Span(row).IsAbsent)
            {
                column.Set(row, span);
            }
        }
    }

    byte[]? Name(int number)
    {
        lock (_gate)
        {
            return _names.GetValueOrDefault(number);
        }
    }

    void Resolve(RecordBatch batch, BatchColumn column, int[] numbers, HashSet<string> missing)
    {
        var before = ByteSpan.Absent;
        var number = 0;
        lock (_gate)
        {
            for (var row = 0; row < numbers.Length; row++)
            {
                var span = column.Span(row);
                if (span != before)
                {
                    before = span;
                    number = 0;
                    if (span.Length is > 0 and <= MaxLength)
                    {
                        var name = Encoding.UTF8.GetString(batch.Value(span)).Replace('\0', '\uFFFD');
                        if (!_numbers.TryGetValue(name, out number))
                        {
                            missing.Add(name);
                        }
                    }
                }

                numbers[row] = number;
            }
        }
    }

    async Task MakeAsync(NpgsqlConnection connection, HashSet<string> missing, CancellationToken cancellationToken)
    {
        string[] names = [.. missing];
        var make = new NpgsqlCommand("INSERT INTO log_streams (stream) SELECT unnest($1) ON CONFLICT DO NOTHING", connection);
        await using (make.ConfigureAwait(false))
        {
            make.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = names });
            await make.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        using var command = new NpgsqlCommand("SELECT id, stream FROM log_streams JOIN unnest($1) AS wanted ON md5(stream) = md5(wanted) AND stream = wanted", connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = names });
        await LearnAsync(command, cancellationToken).ConfigureAwait(false);
    }

    async Task LearnAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var (number, name) = (reader.GetInt32(0), reader.GetString(1));
                lock (_gate)
                {
                    if (_names.Count >= MaxKnown)
                    {
                        _names.Clear();
                        _numbers.Clear();
                    }

                    _numbers[name] = number;
                    _names[number] = Encoding.UTF8.GetBytes(name);
                }
            }
        }
    }
}
