using System.Numerics;

namespace MonoRepo.LoadTesting;

/// <summary>
/// Counts latencies in buckets that are 1/128 of their value wide: exact to 0.8 % from a microsecond to a day in a fixed 40 KiB,
/// so that recording allocates nothing and percentiles of any length of run cost the same.
/// </summary>
public sealed class LatencyHistogram
{
    private const int PrecisionBits = 7;
    private const int Linear = 1 << (PrecisionBits + 1);
    private readonly long[] _counts = new long[(38 - PrecisionBits) << PrecisionBits];

    public long Count { get; private set; }

    public void Record(TimeSpan latency)
    {
        _counts[Math.Min(BucketOf((long)latency.TotalMicroseconds), _counts.Length - 1)]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The latency that this share (0 to 1) of the calls did not exceed; zero without calls.</summary>
    public TimeSpan Percentile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (long bucket = 0, seen = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
            {
                return TimeSpan.FromMicroseconds(UpperBoundOf((int)bucket));
            }
        }

        return TimeSpan.Zero;
    }

    // Below 256 a bucket a microsecond; then 128 buckets for each doubling.
    private static int BucketOf(long microseconds)
    {
        if (microseconds < Linear)
        {
            return (int)Math.Max(microseconds, 0);
        }

        var shift = BitOperations.Log2((ulong)microseconds) - PrecisionBits;
        return (shift << PrecisionBits) + (int)(microseconds >> shift);
    }

    private static double UpperBoundOf(int bucket)
    {
        if (bucket < Linear)
        {
            return bucket;
        }

        var shift = (bucket >> PrecisionBits) - 1;
        var mantissa = bucket - (shift << PrecisionBits);
        return ((long)(mantissa + 1) << shift) - 1;
    }
}
