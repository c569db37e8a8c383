using Puppylog.Records;

namespace Puppylog.Parsing.Access;

/// <summary>A batch's columns of access-log fields, looked up once per batch.</summary>
sealed class AccessLogColumns(RecordBatch batch)
{
    public BatchColumn Host { get; } = batch.Column(FieldNames.Host);

    public BatchColumn Ident { get; } = batch.Column(FieldNames.Ident);

    public BatchColumn User { get; } = batch.Column(FieldNames.User);

    public BatchColumn Method { get; } = batch.Column(FieldNames.Method);

    public BatchColumn Route { get; } = batch.Column(FieldNames.Route);

    public BatchColumn Protocol { get; } = batch.Column(FieldNames.Protocol);

    public BatchColumn Request { get; } = batch.Column(FieldNames.Request);

    public BatchColumn Status { get; } = batch.Column(FieldNames.Status);

    public BatchColumn Bytes { get; } = batch.Column(FieldNames.Bytes);

    public BatchColumn Referrer { get; } = batch.Column(FieldNames.Referrer);

    public BatchColumn UserAgent { get; } = batch.Column(FieldNames.UserAgent);

    public BatchColumn ForwardedFor { get; } = batch.Column(AccessLogShape.ForwardedFor);

    public BatchColumn Duration { get; } = batch.Column(FieldNames.Duration);

    public BatchColumn LineZone { get; } = batch.Column(FieldNames.LineZone);

    public BatchColumn LineTime { get; } = batch.Column(FieldNames.LineTime);
}
