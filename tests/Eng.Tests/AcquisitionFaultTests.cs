using MonoRepo.Acquire;

namespace MonoRepo.Tests;

public sealed class AcquisitionFaultTests
{
    private static readonly byte[] Package = FakeBundle.NpmPackage();

    [Fact]
    public async Task AWrongChecksumIsRefused()
    {
        using var registry = new LoopbackRegistry(Package);
        using var sandbox = new Sandbox(Package, registry.Address);
        sandbox.WriteLock(FakeBundle.Integrity([1, 2, 3]));

        Assert.Equal("MONO0004", (await FaultOf(sandbox)).Code);
        Assert.Empty(sandbox.Leftovers());
    }

    [Fact]
    public async Task AnUnreachableRegistryIsNamed()
    {
        using var sandbox = new Sandbox(Package, $"http://127.0.0.1:{Ports.Free()}/");

        var fault = await FaultOf(sandbox);

        Assert.Equal("MONO0003", fault.Code);
        Assert.Contains("ECONNREFUSED", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingNpmEndsInOneLineThatSaysWhatToDo()
    {
        using var sandbox = new Sandbox(Package, "http://127.0.0.1/");
        using var process = sandbox.Start(path: sandbox.PathOf("eng"));
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("MONO0002: npm was not found", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.Contains("install Node.js", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABuildShowsTheFaultAsItsOnlyError()
    {
        using var sandbox = new Sandbox(Package, "http://127.0.0.1/");
        foreach (var tool in (string[])["/bin/sh", "/usr/bin/flock", Sandbox.Dotnet])
        {
            File.CreateSymbolicLink(sandbox.PathOf(Path.GetFileName(tool)), tool);
        }

        var build = await Tool.RunAsync(
            Sandbox.Dotnet,
            ["msbuild", Repository.PathOf("eng", "AspireBundle.proj"), "-nologo", "-nodeReuse:false",
                $"-p:AspireBundleCache={sandbox.PathOf("cache")}/", $"-p:AspireBundleFeed={sandbox.PathOf("feed")}/"],
            sandbox.Root,
            new() { ["PATH"] = sandbox.Root, ["MSBUILDTERMINALLOGGER"] = "off" },
            TestContext.Current.CancellationToken);

        Assert.Equal(1, build.ExitCode);
        var error = Assert.Single(build.Output.Split('\n'), line => line.Contains("error", StringComparison.Ordinal));
        Assert.StartsWith("eng/package.json : error MONO0002: npm was not found", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooLittleSpaceIsSaidBeforeTheDownload()
    {
        using var registry = new LoopbackRegistry(Package);
        using var sandbox = new Sandbox(Package, registry.Address);

        var fault = await FaultOf(sandbox, sandbox.Options with { RequiredFreeBytes = long.MaxValue });

        Assert.Equal("MONO0005", fault.Code);
        Assert.Equal(0, registry.Downloads);
    }

    [Fact]
    public async Task ADiskThatFillsUpHalfWayIsNamed()
    {
        var package = FakeBundle.NpmPackage("""
            #!/bin/sh
            dd if=/dev/zero of="$(dirname "$0")/big" bs=1M count=16
            """);
        using var registry = new LoopbackRegistry(package);
        using var sandbox = new Sandbox(package, registry.Address);
        using var disk = SmallDisk.Mount(sandbox.PathOf("cache"), "4m");

        Assert.Equal("MONO0005", (await FaultOf(sandbox)).Code);
    }

    [Fact]
    public async Task ASetupThatFailsIsQuoted()
    {
        var package = FakeBundle.NpmPackage("#!/bin/sh\necho it broke\nexit 3\n");
        using var registry = new LoopbackRegistry(package);
        using var sandbox = new Sandbox(package, registry.Address);

        var fault = await FaultOf(sandbox);

        Assert.Equal("MONO0006", fault.Code);
        Assert.Contains("3 and said: it broke", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AVersionThatTheBundleDoesNotHaveNamesBoth()
    {
        using var registry = new LoopbackRegistry(Package);
        using var sandbox = new Sandbox(Package, registry.Address);
        sandbox.WritePackages((FakeBundle.PackedId, "2.81.0"));

        var fault = await FaultOf(sandbox);

        Assert.Equal("MONO0006", fault.Code);
        Assert.Contains("it has Grpc.Core.Api 1.0.0, and Directory.Packages.props asks for 2.81.0", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(sandbox.PathOf("feed", Feed.Stamp)));
    }

    [Fact]
    public async Task AFolderThatCannotBeWrittenIsNamed()
    {
        using var sandbox = new Sandbox(Package, "http://127.0.0.1/");
        File.WriteAllText(sandbox.PathOf("cache"), "in the way");

        Assert.Equal("MONO0008", (await FaultOf(sandbox)).Code);
    }

    [Theory]
    [InlineData("npm error code ENOTFOUND\nnpm error network", "MONO0003")]
    [InlineData("npm error code ETIMEDOUT", "MONO0003")]
    [InlineData("npm ERR! code EAI_AGAIN", "MONO0003")]
    [InlineData("npm error code E503", "MONO0003")]
    [InlineData("npm error code ENOSPC", "MONO0005")]
    [InlineData("npm error code EBADPLATFORM", "MONO0001")]
    [InlineData("npm error code E404\nnpm error 404 Not Found", "MONO0007")]
    public void NpmsOwnCodeDecidesTheFault(string output, string code) => Assert.Equal(code, Npm.Explain(output, "/cache").Code);

    private static Task<AcquisitionException> FaultOf(Sandbox sandbox, AcquireOptions? options = null) =>
        Assert.ThrowsAsync<AcquisitionException>(() => sandbox.RunAsync(options));
}
