using System.IO.Compression;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>An answer to a scrape.</summary>
/// <param name="body">The text, in UTF-8.</param>
/// <param name="timestamp">When it was written, by the clock's timestamp.</param>
internal sealed class Exposition(byte[] body, long timestamp)
{
    private readonly Lazy<byte[]> _compressed = new(() => Compress(body));

    public long Timestamp { get; } = timestamp;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Compressed once, however many ask.</summary>
    public ReadOnlyMemory<byte> Compressed => _compressed.Value;

    private static byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream(body.Length / 8);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }
}
