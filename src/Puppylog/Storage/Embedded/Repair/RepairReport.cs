using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Storage.Embedded.Repair;

/// <param name="Before">What was found.</param>
/// <param name="Steps">What was done about it, a sentence each, for people.</param>
/// <param name="After">What is found now.</param>
sealed record RepairReport(VerificationReport Before, IReadOnlyList<string> Steps, VerificationReport After);
