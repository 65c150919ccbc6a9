using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MonoRepo.Acquire;

/// <summary>
/// Reads files out of a .NET single-file application. The format is public (dotnet/designs, single-file "bundle" layout):
/// <code>
/// … header offset : int64 | sha256(".net core bundle") : 32 bytes …      somewhere in the executable
/// major, minor : uint32 | files : int32 | id : string | deps.json, runtimeconfig.json : 2 × (offset, size : int64) | flags : uint64
/// files × (offset, size, compressed size (0 = stored) : int64 | type : byte | path : string)
/// </code>
/// </summary>
public sealed class SingleFileBundle
{
    private static readonly byte[] Signature = Convert.FromHexString("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae");
    private const uint OldestMajorWithCompression = 6;

    private readonly Dictionary<string, (long Offset, long Size, long Compressed)> files = new(StringComparer.Ordinal);
    private readonly byte[] image;

    /// <summary>Reads the table of contents.</summary>
    /// <exception cref="InvalidDataException">Not a single-file application, or an older format.</exception>
    public SingleFileBundle(byte[] image)
    {
        this.image = image;
        var signature = image.AsSpan().IndexOf(Signature);
        if (signature < sizeof(long))
        {
            throw new InvalidDataException("no .NET single-file application");
        }

        var header = BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(signature - sizeof(long)));
        using var reader = new BinaryReader(new MemoryStream(image, writable: false), Encoding.UTF8);
        reader.BaseStream.Position = header;
        var major = reader.ReadUInt32();
        if (major < OldestMajorWithCompression)
        {
            throw new InvalidDataException($"single-file format {major} is older than .NET 6");
        }

        _ = reader.ReadUInt32();
        var count = reader.ReadInt32();
        _ = reader.ReadString();
        reader.BaseStream.Position += (4 * sizeof(long)) + sizeof(ulong);
        for (var i = 0; i < count; i++)
        {
            var (offset, size, compressed) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            _ = reader.ReadByte();
            files[reader.ReadString()] = (offset, size, compressed);
        }
    }

    /// <summary>The content of one file, or null where the application has none of that name.</summary>
    public byte[]? Read(string path)
    {
        if (!files.TryGetValue(path, out var file))
        {
            return null;
        }

        if (file.Compressed == 0)
        {
            return image.AsSpan((int)file.Offset, (int)file.Size).ToArray();
        }

        var content = new byte[file.Size];
        using var inflate = new DeflateStream(
            new MemoryStream(image, (int)file.Offset, (int)file.Compressed, writable: false), CompressionMode.Decompress);
        inflate.ReadExactly(content);
        return content;
    }
}
