using System.IO.Compression;
using System.Text;
using MonoRepo.Acquire;

namespace MonoRepo.Tests;

public sealed class PackingTests
{
    private static readonly Dictionary<string, string> Versions = BundledPackage.All.ToDictionary(package => package.Id, _ => "2.80.0");

    [Fact]
    public void TheSameAssemblyPacksToTheSameBytes() => Assert.Equal(Pack("Grpc.Net.Client"), Pack("Grpc.Net.Client"));

    [Fact]
    public void NoEntryCarriesTheTimeOfPacking()
    {
        using var archive = new ZipArchive(new MemoryStream(Pack("Grpc.Net.Client")));

        Assert.All(archive.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year));
        Assert.All(archive.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        Assert.Equal(["Grpc.Net.Client.nuspec", "lib/net10.0/Grpc.Net.Client.dll"], archive.Entries.Select(entry => entry.FullName));
    }

    [Theory]
    [InlineData("Grpc.Net.Client", "id=\"Microsoft.Extensions.Logging.Abstractions\"")]
    [InlineData("Grpc.Net.ClientFactory", "id=\"Microsoft.Extensions.Http\"")]
    [InlineData("Grpc.Net.Common", "id=\"Grpc.Core.Api\" version=\"2.80.0\"")]
    [InlineData("Grpc.AspNetCore.Server", "frameworkReference name=\"Microsoft.AspNetCore.App\"")]
    public void ANuspecSaysWhatCallersNeed(string id, string expected)
    {
        using var archive = new ZipArchive(new MemoryStream(Pack(id)));
        using var reader = new StreamReader(archive.GetEntry($"{id}.nuspec")!.Open());

        Assert.Contains(expected, reader.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void SingleFileApplicationsAreRead()
    {
        var bundle = new SingleFileBundle(FakeBundle.SingleFile(("stored.txt", "one"u8.ToArray(), false), ("deflated.txt", "two"u8.ToArray(), true)));

        Assert.Equal("one", Encoding.UTF8.GetString(bundle.Read("stored.txt")!));
        Assert.Equal("two", Encoding.UTF8.GetString(bundle.Read("deflated.txt")!));
        Assert.Null(bundle.Read("missing.txt"));
    }

    [Fact]
    public void AnOrdinaryFileIsNoSingleFileApplication() =>
        Assert.Throws<InvalidDataException>(() => new SingleFileBundle(FakeBundle.Assembly));

    private static byte[] Pack(string id) =>
        Nupkg.Pack(BundledPackage.All.Single(package => package.Id == id), Versions, FakeBundle.Assembly);
}
