namespace Puppylog.App.Api;

/// <summary>The bytes of batches that may be in memory at a time, before they are stored. Safe for several threads.</summary>
sealed class IntakeBudget(long limit = IntakeBudget.Usual)
{
    /// <summary>Bytes.</summary>
    public const long Usual = 256 << 20;

    readonly Lock _gate = new();
    long _used;

    /// <summary>False where there is too much already; what alone is more than the limit is let in alone.</summary>
    public bool TryTake(long bytes)
    {
        lock (_gate)
        {
            if (_used > 0 && _used + bytes > limit)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    public void Give(long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
        }
    }
}
