namespace Puppylog.App.Api.Select;

/// <summary>Answer of Prometheus' instant queries.</summary>
sealed record VectorReply(VectorData Data)
{
    public string Status => "success";
}
