using MonoRepo.Acquire;

namespace MonoRepo.Tests;

public sealed class AcquisitionTests : IDisposable
{
    private readonly byte[] package = FakeBundle.NpmPackage();
    private readonly LoopbackRegistry registry;
    private readonly Sandbox sandbox;

    public AcquisitionTests()
    {
        registry = new(package);
        sandbox = new(package, registry.Address);
    }

    public void Dispose()
    {
        registry.Dispose();
        sandbox.Dispose();
    }

    [Fact]
    public async Task FillsTheCacheAndTheFeed()
    {
        await sandbox.RunAsync();

        Assert.True(File.Exists(sandbox.PathOf("cache", FakeBundle.Version, "dcp", "dcp")));
        Assert.True(File.Exists(sandbox.PathOf("feed", $"{FakeBundle.PackedId}.{FakeBundle.PackedVersion}.nupkg")));
        Assert.True(File.Exists(sandbox.PathOf("feed", Feed.Stamp)));
        Assert.Empty(sandbox.Leftovers());
        Assert.Contains("npm downloads", sandbox.Progress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherCloneOfTheSameUserNeedsNoDownload()
    {
        await sandbox.RunAsync();
        registry.Dispose();

        await sandbox.RunAsync(sandbox.Options with { FeedDirectory = sandbox.PathOf("other-feed") });

        Assert.Equal(1, registry.Downloads);
        Assert.NotEmpty(Directory.GetFiles(sandbox.PathOf("other-feed"), "*.nupkg"));
    }

    [Fact]
    public async Task NpmsCacheServesWhenTheNetworkIsGone()
    {
        await sandbox.RunAsync();
        registry.Dispose();
        Directory.Delete(sandbox.PathOf("cache"), recursive: true);

        await sandbox.RunAsync();

        Assert.Equal(1, registry.Downloads);
        Assert.True(File.Exists(sandbox.PathOf("cache", FakeBundle.Version, "dcp", "dcp")));
    }

    [Fact]
    public async Task OnlyTheBundleIsFetchedWhereTheRegistryHasThePackages()
    {
        await sandbox.RunAsync(sandbox.Options with { FeedDirectory = null });

        Assert.True(File.Exists(sandbox.PathOf("cache", FakeBundle.Version, "dcp", "dcp")));
        Assert.False(Directory.Exists(sandbox.PathOf("feed")));
    }

    [Fact]
    public async Task TwoAtOnceDownloadOnce()
    {
        using var first = sandbox.Start("feed-1");
        using var second = sandbox.Start("feed-2");
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Equal(1, registry.Downloads);
        Assert.NotEmpty(Directory.GetFiles(sandbox.PathOf("feed-1"), "*.nupkg"));
        Assert.NotEmpty(Directory.GetFiles(sandbox.PathOf("feed-2"), "*.nupkg"));
    }

    [Fact]
    public async Task AKilledRunLeavesNothingThatLooksComplete()
    {
        registry.Stall = true;
        using (var killed = sandbox.Start())
        {
            await registry.DownloadAsked.WaitAsync(TestContext.Current.CancellationToken);
            killed.Kill(entireProcessTree: true);
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(sandbox.Leftovers());
        Assert.False(Directory.Exists(sandbox.PathOf("cache", FakeBundle.Version)));

        registry.Stall = false;
        await sandbox.RunAsync();

        Assert.Empty(sandbox.Leftovers());
        Assert.True(File.Exists(sandbox.PathOf("feed", Feed.Stamp)));
    }

    [Fact]
    public async Task ABundleThatLostItsFilesIsFetchedAgain()
    {
        await sandbox.RunAsync();
        File.Delete(sandbox.PathOf("cache", FakeBundle.Version, "managed", "aspire-managed"));

        await sandbox.RunAsync();

        Assert.True(File.Exists(sandbox.PathOf("cache", FakeBundle.Version, "managed", "aspire-managed")));
    }
}
