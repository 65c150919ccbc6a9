using System.Text.Json;
using System.Xml.Linq;
using MonoRepo.Acquire;

namespace MonoRepo.Tests;

/// <summary>The bundle's version stands in three files; they have to agree.</summary>
public sealed class VersionTests
{
    [Fact]
    public void ThePropsNameTheVersionOfPackageJson() => Assert.Equal(
        Json("package.json").GetProperty("dependencies").GetProperty(BundleCache.PackageName).GetString(),
        XDocument.Load(Repository.PathOf("eng", "AspireBundle.props")).Descendants("AspireBundleVersion").Single().Value);

    [Fact]
    public void TheLockFilePinsASha512AndNoAddress()
    {
        var locked = Json("package-lock.json").GetProperty("packages").GetProperty($"node_modules/{BundleCache.PackageName}");

        Assert.Equal(Json("package.json").GetProperty("dependencies").GetProperty(BundleCache.PackageName).GetString(),
            locked.GetProperty("version").GetString());
        Assert.StartsWith("sha512-", locked.GetProperty("integrity").GetString(), StringComparison.Ordinal);
        Assert.False(locked.TryGetProperty("resolved", out _));
    }

    [Fact]
    public void EveryPackageTakenFromTheBundleIsDescribed()
    {
        var versions = PackageVersions.Read(Repository.PathOf("Directory.Packages.props"));

        Assert.NotEmpty(versions);
        Assert.Empty(versions.Keys.Except(BundledPackage.All.Select(package => package.Id)));
    }

    [Fact]
    public void TheFeedHoldsWhatDirectoryPackagesPropsAsksFor()
    {
        Assert.SkipUnless(File.Exists(Repository.PathOf("eng", "feed", Feed.Stamp)), "Built with UseAspireBundleFeed=false.");

        Assert.All(PackageVersions.Read(Repository.PathOf("Directory.Packages.props")),
            package => Assert.True(File.Exists(Repository.PathOf("eng", "feed", $"{package.Key}.{package.Value}.nupkg"))));
    }

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("eng", file))).RootElement;
}
