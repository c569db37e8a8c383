using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Puppylog.Storage.Postgres.Reading.Pushing;

/// <summary>The values of a statement: they travel beside it, never within.</summary>
sealed class SqlParameters
{
    readonly List<NpgsqlParameter> _all = [];

    public IReadOnlyList<NpgsqlParameter> All => _all;

    public string Text(string value) => Add(NpgsqlDbType.Text, value);

    public string Texts(params string[] values) => Add(NpgsqlDbType.Array | NpgsqlDbType.Text, values);

    public string Integer(long value) => Add(NpgsqlDbType.Bigint, value);

    public string Double(double value) => Add(NpgsqlDbType.Double, value);

    /// <param name="microseconds">As <see cref="PostgresTime"/> has them.</param>
    public string Time(long microseconds) => Add(NpgsqlDbType.TimestampTz, microseconds);

    /// <summary>The statement's values for people: <c>$1 = 'error', $2 = 500</c>.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _all.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"${i + 1} = {Describe(_all[i])}");
        }

        return text.ToString();
    }

    static string Describe(NpgsqlParameter parameter) => parameter switch
    {
        { NpgsqlDbType: NpgsqlDbType.TimestampTz } => $"'{Records.Timestamps.ToRfc3339(PostgresTime.Nanoseconds(((NpgsqlParameter<long>)parameter).TypedValue, 0))}'",
        NpgsqlParameter<string> text => $"'{text.TypedValue!.Replace("'", "''", StringComparison.Ordinal)}'",
        NpgsqlParameter<string[]> texts => $"'{{{string.Join(',', texts.TypedValue!)}}}'",
        NpgsqlParameter<long> number => number.TypedValue.ToString(CultureInfo.InvariantCulture),
        NpgsqlParameter<double> number => number.TypedValue.ToString(CultureInfo.InvariantCulture),
        _ => "?",
    };

    string Add<T>(NpgsqlDbType type, T value)
    {
        _all.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return string.Create(CultureInfo.InvariantCulture, $"${_all.Count}");
    }
}
