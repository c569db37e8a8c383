namespace Puppylog.Alerts.Rules;

/// <summary>On which side of the threshold a value is bad. Equality changes nothing on either.</summary>
enum Comparison
{
    Above,
    Below,
}
