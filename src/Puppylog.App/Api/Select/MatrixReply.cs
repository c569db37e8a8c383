namespace Puppylog.App.Api.Select;

/// <summary>Answer of Prometheus' range queries.</summary>
sealed record MatrixReply(MatrixData Data)
{
    public string Status => "success";
}
