using System.Text;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// The slot of a key as the Redis Cluster specification defines it: CRC16 (XMODEM) modulo 16384 of what stands between the
/// first <c>{</c> and the next <c>}</c>, of the whole key where that is empty or missing.
/// </summary>
public static class HashSlot
{
    /// <summary>0 to 16383.</summary>
    public static int Of(string key)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        var close = open < 0 ? -1 : key.IndexOf('}', open + 1);
        var tag = close > open + 1 ? key[(open + 1)..close] : key;
        var crc = 0;
        foreach (var octet in Encoding.UTF8.GetBytes(tag))
        {
            crc ^= octet << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }

            crc &= 0xFFFF;
        }

        return crc % 16384;
    }
}
