using System.Text;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>Which slot a key belongs to: CRC-16/XMODEM modulo 16384, as the Redis Cluster specification says.</summary>
internal static class HashSlot
{
    /// <summary>The slot of a key without a hash tag.</summary>
    public static int Of(string key)
    {
        var crc = 0;
        foreach (var b in Encoding.UTF8.GetBytes(key))
        {
            crc ^= b << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
            }
        }

        return (crc & 0xFFFF) % SlotRange.Count;
    }

    /// <summary>The first of the keys <c>prefix0</c>, <c>prefix1</c>, … that lies within <paramref name="range"/>.</summary>
    public static string KeyWithin(SlotRange range, string prefix) =>
        Enumerable.Range(0, int.MaxValue).Select(i => $"{prefix}{i}").First(key => Of(key) >= range.First && Of(key) <= range.Last);
}
