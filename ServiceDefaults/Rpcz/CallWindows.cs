using System.Numerics;

namespace MonoRepo.ServiceDefaults.Rpcz;

/// <summary>What happened in a window.</summary>
/// <param name="Window">Its length, as in <c>10 min</c>.</param>
/// <param name="PerSecond">Ended calls per second.</param>
/// <param name="Calls">Ended calls.</param>
/// <param name="Codes">Of these by code, without OK.</param>
/// <param name="P50">Median duration in milliseconds.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P99">99th percentile.</param>
internal sealed record WindowSnapshot(
    string Window, double PerSecond, long Calls, IReadOnlyDictionary<string, long> Codes, double P50, double P90, double P99);

/// <summary>
/// Durations and codes of the calls of the last minute, ten minutes and hour, in memory that is allocated once: rings of slots,
/// each a histogram with four buckets an octave from 16 µs to four minutes, which makes a percentile right to an eighth. Not safe
/// for threads.
/// </summary>
internal sealed class CallWindows
{
    private const int Buckets = 104;
    private const int Codes = 17;
    private const int SlotSize = Buckets + Codes;
    private const int FirstShift = 2;

    private static readonly Ring[] s_rings = [new("1 min", 5, 12, 0), new("10 min", 60, 10, 12), new("1 h", 300, 12, 22)];

    private readonly int[] _counts = new int[34 * SlotSize];
    private readonly long[] _slots = new long[34];

    /// <param name="seconds">Since the start of the process.</param>
    /// <param name="duration">Of the call.</param>
    /// <param name="code">Its status code.</param>
    public void Add(double seconds, TimeSpan duration, int code)
    {
        var bucket = BucketOf(duration);
        foreach (var ring in s_rings)
        {
            var number = ring.NumberAt(seconds);
            var slot = ring.SlotOf(number);
            var counts = _counts.AsSpan(slot * SlotSize, SlotSize);
            if (_slots[slot] != number)
            {
                _slots[slot] = number;
                counts.Clear();
            }

            counts[bucket]++;
            counts[Buckets + ((uint)code < Codes ? code : 2)]++;
        }
    }

    public IReadOnlyList<WindowSnapshot> Read(double seconds, Func<int, string> nameOf) =>
        [.. s_rings.Select(ring => Read(ring, seconds, nameOf))];

    internal static int BucketOf(TimeSpan duration)
    {
        var units = (ulong)Math.Max(0, duration.TotalMicroseconds) >> FirstShift;
        if (units == 0)
        {
            return 0;
        }

        var octave = BitOperations.Log2(units);
        return Math.Min(Buckets - 1, (octave * 4) + (int)((units << 2 >> octave) & 3));
    }

    private static double StartOf(int bucket) => Math.Pow(2, bucket / 4) * (1 + (bucket % 4 / 4.0)) * (1 << FirstShift) / 1000;

    private WindowSnapshot Read(Ring ring, double seconds, Func<int, string> nameOf)
    {
        var last = ring.NumberAt(seconds);
        var sum = new long[SlotSize];
        for (var number = Math.Max(1, last - ring.Slots + 1); number <= last; number++)
        {
            var slot = ring.SlotOf(number);
            for (var i = 0; _slots[slot] == number && i < SlotSize; i++)
            {
                sum[i] += _counts[(slot * SlotSize) + i];
            }
        }

        // The newest slot is not full yet, and the process may be younger than the window.
        var length = Math.Min(seconds, ((ring.Slots - 1) * ring.Seconds) + (seconds % ring.Seconds));
        var calls = sum.AsSpan(0, Buckets).ToArray().Sum();
        var codes = Enumerable.Range(
            1, Codes - 1).Where(code => sum[Buckets + code] > 0).ToDictionary(nameOf, code => sum[Buckets + code]);
        return new(ring.Name, length > 0
            ? calls / Math.Max(1, length)
            : 0, calls, codes, Quantile(0.5), Quantile(0.9), Quantile(0.99));

        double Quantile(double quantile)
        {
            var rank = quantile * calls;
            for (var bucket = 0; bucket < Buckets && calls > 0; bucket++)
            {
                if (sum[bucket] >= rank && sum[bucket] > 0)
                {
                    var start = bucket == 0 ? 0 : StartOf(bucket);
                    return start + ((StartOf(bucket + 1) - start) * Math.Clamp(rank / sum[bucket], 0, 1));
                }

                rank -= sum[bucket];
            }

            return 0;
        }
    }

    private sealed record Ring(string Name, int Seconds, int Slots, int First)
    {
        /// <summary>Counts slots from 1, so that a slot that was never written is no slot.</summary>
        public long NumberAt(double seconds) => (long)(seconds / Seconds) + 1;

        public int SlotOf(long number) => First + (int)(number % Slots);
    }
}
