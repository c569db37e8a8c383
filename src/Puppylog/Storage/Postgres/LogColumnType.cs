namespace Puppylog.Storage.Postgres;

enum LogColumnType
{
    /// <summary>Text that is never null: <c>''</c> where the record has no such field.</summary>
    Key,
    Text,
    Integer,
    Bigint,
    Double,
}
