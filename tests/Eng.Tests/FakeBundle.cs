using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MonoRepo.Tests;

/// <summary>A stand-in for the 127 MB npm package: the same shape, with this test's own assembly as the bundled one.</summary>
internal static class FakeBundle
{
    public const string Version = "13.5.4";
    public const string PackedId = "Grpc.Core.Api";

    /// <summary>The product version of the stand-in assembly, which Directory.Packages.props has to name.</summary>
    public const string PackedVersion = "1.0.0";

    private const string Signature = "8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae";

    public static byte[] Assembly { get; } = File.ReadAllBytes(typeof(FakeBundle).Assembly.Location);

    /// <summary>package/package.json, package/bin/aspire (a script whose <c>setup</c> unpacks) and its payload.</summary>
    public static byte[] NpmPackage(string setupScript = DefaultSetup)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            Add(tar, "package/package.json", Encoding.UTF8.GetBytes($$"""{"name":"@microsoft/aspire-cli-linux-x64","version":"{{Version}}"}"""));
            Add(tar, "package/bin/aspire", Encoding.UTF8.GetBytes(setupScript));
            Add(tar, "package/payload", SingleFile((PackedId + ".dll", Assembly, true)));
        }

        return bytes.ToArray();
    }

    public static string Integrity(byte[] package) => "sha512-" + Convert.ToBase64String(SHA512.HashData(package));

    /// <summary>A single-file application in format 6: content, table of contents, then the marker that points to it.</summary>
    public static byte[] SingleFile(params (string Path, byte[] Content, bool Compress)[] files)
    {
        var image = new MemoryStream();
        image.Write("\u007fELF, not really"u8);
        var entries = files.Select(file =>
        {
            var stored = file.Compress ? Deflate(file.Content) : file.Content;
            var offset = image.Position;
            image.Write(stored);
            return (file.Path, Offset: offset, Size: (long)file.Content.Length, Compressed: file.Compress ? stored.Length : 0L);
        }).ToList();

        var header = image.Position;
        using var writer = new BinaryWriter(image, Encoding.UTF8, leaveOpen: true);
        writer.Write(6u);
        writer.Write(0u);
        writer.Write(entries.Count);
        writer.Write("bundle id");
        writer.Write(new byte[(4 * sizeof(long)) + sizeof(ulong)]);
        foreach (var (path, offset, size, compressed) in entries)
        {
            writer.Write(offset);
            writer.Write(size);
            writer.Write(compressed);
            writer.Write((byte)1);
            writer.Write(path);
        }

        writer.Write(header);
        writer.Write(Convert.FromHexString(Signature));
        return image.ToArray();
    }

    private const string DefaultSetup =
        """
        #!/bin/sh
        here=$(dirname "$0")/..
        mkdir -p "$here/versions/13.5.4_x/dcp" "$here/versions/13.5.4_x/managed"
        cp "$here/payload" "$here/versions/13.5.4_x/managed/aspire-managed"
        echo dcp > "$here/versions/13.5.4_x/dcp/dcp"
        """;

    private static byte[] Deflate(byte[] content)
    {
        var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return bytes.ToArray();
    }

    private static void Add(TarWriter tar, string path, byte[] content) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path)
    {
        DataStream = new MemoryStream(content),
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
    });
}
