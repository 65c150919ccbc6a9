using System.Runtime.Versioning;
using MonoRepo.Hosting.App;

namespace MonoRepo.Tests;

public sealed class UserSecretsStoreTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("secrets-").FullName, "id", "secrets.json");

    [Fact]
    public void AValueIsGeneratedOnceAndKept()
    {
        Assert.Equal("one", new UserSecretsStore(_file).GetOrAdd("Parameters:p", () => "one"));
        Assert.Equal("one", new UserSecretsStore(_file).GetOrAdd("Parameters:p", () => "two"));
        Assert.Equal("three", new UserSecretsStore(_file).GetOrAdd("Parameters:q", () => "three"));
        Assert.Equal("""{"Parameters:p":"one","Parameters:q":"three"}""", File.ReadAllText(_file).Replace("\n", "").Replace(" ", ""));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void TheFileIsReadableByItsOwnerOnly()
    {
        new UserSecretsStore(_file).GetOrAdd("Parameters:p", () => "one");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_file)!));
    }

    [Fact]
    public void WithoutAFileAValueIsKeptForThisRun()
    {
        var store = new UserSecretsStore(file: null);
        Assert.Equal("one", store.GetOrAdd("p", () => "one"));
        Assert.Equal("one", store.GetOrAdd("p", () => "two"));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(_file))!, recursive: true);
}
