using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>A prepared statement with positional parameters <c>$0</c>, <c>$1</c>, …</summary>
sealed class Statement : IDisposable
{
    readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
        }
    }

    public int Execute(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteNonQuery();
    }

    public SqliteDataReader Read(params ReadOnlySpan<object?> values)
    {
        Bind(null, values);
        return _command.ExecuteReader();
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public object? Find(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteScalar();
    }

    public void Dispose() => _command.Dispose();

    void Bind(SqliteTransaction? transaction, ReadOnlySpan<object?> values)
    {
        _command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
