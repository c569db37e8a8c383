using Puppylog.Alerts.Notices;
using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Keeping;

/// <summary>A silence of a store.</summary>
sealed record KeptSilence(AlertItem Item, Silence Silence);
