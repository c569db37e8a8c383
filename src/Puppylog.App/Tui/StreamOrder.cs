namespace Puppylog.App.Tui;

/// <summary>By what streams are sorted.</summary>
enum StreamOrder
{
    Records,
    Rate,
    Lag,
    Last,
    Name,
}
