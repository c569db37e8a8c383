using System.Text;
using Puppylog.Records;

namespace Puppylog.Generation;

/// <summary><c>2026-11-21 14:00:05 cust_17 /api/v1/resource2 200 0.734</c>.</summary>
sealed class ApiRequestLineWriter : LineWriter
{
    const int CustomerCount = 500;
    const int ResourceCount = 20;

    static readonly WeightedChoice Customers = WeightedChoice.Zipf(CustomerCount);
    static readonly WeightedChoice Resources = WeightedChoice.Zipf(ResourceCount);
    static readonly byte[][] CustomerTexts = [.. Enumerable.Range(1, CustomerCount).Select(i => Encoding.ASCII.GetBytes($" cust_{i} "))];
    static readonly byte[][] ResourceTexts = [.. Enumerable.Range(1, ResourceCount).Select(i => Encoding.ASCII.GetBytes($"/api/v1/resource{i} "))];

    readonly byte[] _time = new byte[Timestamps.MaxRfc3339Length];
    long _second = long.MinValue;
    int _customer;
    int _burstLeft;
    int _incidentLeft;

    public ApiRequestLineWriter(Randomness random)
        : base(random)
    {
    }

    public override int Write(long time, Span<byte> target)
    {
        var second = Timestamps.FloorDiv(time, Timestamps.Second);
        if (second != _second)
        {
            Timestamps.FormatRfc3339(second * Timestamps.Second, _time);
            _time[10] = (byte)' ';
            _second = second;
        }

        if (_burstLeft == 0)
        {
            _customer = Customers.Pick(Random);
            _burstLeft = Random.Below(20) == 0 ? Random.Between(5, 50) : 1;
        }

        _burstLeft--;
        _incidentLeft = _incidentLeft > 0 ? _incidentLeft - 1 : Random.Below(20_000) == 0 ? Random.Between(50, 1000) : 0;
        var draw = Random.Below(1000);
        var status = _incidentLeft > 0 && draw < 300 ? 503 : draw < 5 ? 500 : draw < 8 ? 504 : draw < 30 ? 404 : draw < 45 ? 429 : draw < 60 ? 401 : draw < 120 ? 201 : 200;
        var thousandths = Random.Between(8, 400) + (Random.Below(50) == 0 ? Random.Below(3000) : 0) + (status >= 500 ? 1000 + Random.Below(4000) : 0);
        var at = Put(target, 0, _time.AsSpan(0, 19));
        at = Put(target, at, CustomerTexts[_customer]);
        at = Put(target, at, ResourceTexts[Resources.Pick(Random)]);
        at = Put(target, at, status);
        target[at++] = (byte)' ';
        at = PutThousandths(target, at, thousandths);
        target[at++] = (byte)'\n';
        return at;
    }
}
