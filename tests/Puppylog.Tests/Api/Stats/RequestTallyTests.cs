using FsCheck;
using FsCheck.Fluent;
using Puppylog.App.Api.Stats;

namespace Puppylog.Tests.Api.Stats;

public sealed class RequestTallyTests
{
    [Fact]
    public void Parts_brought_together_are_the_whole() => Prop.ForAll(
        Gen.Choose(1, 900).ListOf().ListOf().ToArbitrary(),
        parts =>
        {
            var whole = new RequestTally(100_000);
            foreach (var part in parts)
            {
                whole.Merge(Of(part, 100_000));
            }

            var sorted = parts.SelectMany(part => part).Order().ToList();
            Assert.Equal((sorted.Count, sorted.Count(status => status is >= 200 and < 400)), (whole.Requests, whole.Successful));
            foreach (var phi in new[] { 0, 0.5, 0.99, 1 })
            {
                Assert.Equal(sorted.Count == 0 ? null : sorted[Math.Min(sorted.Count - 1, (int)(phi * sorted.Count))] / 1000.0, whole.Quantile(phi));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Many_durations_become_an_estimate_that_is_near()
    {
        var (exact, estimate, mixed) = (Of(Enumerable.Range(1, 10_000), 100_000), Of(Enumerable.Range(1, 10_000), 100), new RequestTally(100));
        mixed.Merge(Of(Enumerable.Range(1, 50), 100));
        mixed.Merge(Of(Enumerable.Range(51, 9950), 100));
        foreach (var phi in new[] { 0.01, 0.5, 0.99 })
        {
            Assert.Equal(exact.Quantile(phi)!.Value, estimate.Quantile(phi)!.Value, exact.Quantile(phi)!.Value / 256);
            Assert.Equal(exact.Quantile(phi)!.Value, mixed.Quantile(phi)!.Value, exact.Quantile(phi)!.Value / 256);
        }

        Assert.True(estimate.Bytes < exact.Bytes);
    }

    static RequestTally Of(IEnumerable<int> requests, int most)
    {
        var tally = new RequestTally(most);
        foreach (var request in requests)
        {
            tally.AddStatus(request);
            tally.AddDuration(request / 1000.0);
        }

        return tally;
    }
}
