using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

static class FieldResolver
{
    public static ColumnVector? Resolve(RecordView view, string name) =>
        view.Column(name) ?? name switch { "time" => view.Column("_time"), "message" => view.Column("_msg"), _ => null };
}
