using System.Diagnostics;
using MonoRepo.Acquire;

namespace MonoRepo.Tests;

/// <summary>A folder with all that one acquisition touches: its eng folder, npm's cache, the user's cache and feeds.</summary>
internal sealed class Sandbox : IDisposable
{
    public Sandbox(byte[] package, string registry)
    {
        Root = Directory.CreateTempSubdirectory("monorepo-eng-").FullName;
        Directory.CreateDirectory(PathOf("eng"));
        File.WriteAllText(PathOf("eng", "package.json"),
            $$"""{"name":"sandbox","private":true,"dependencies":{"{{BundleCache.PackageName}}":"{{FakeBundle.Version}}"} }""");
        WriteLock(FakeBundle.Integrity(package));
        UseRegistry(registry);
        WritePackages((FakeBundle.PackedId, FakeBundle.PackedVersion));
    }

    public string Root { get; }

    public StringWriter Progress { get; } = new();

    public AcquireOptions Options => new()
    {
        EngDirectory = PathOf("eng"),
        PackageVersionsFile = PathOf("Directory.Packages.props"),
        CacheDirectory = PathOf("cache"),
        FeedDirectory = PathOf("feed"),
        RequiredFreeBytes = 0,
    };

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The user's own registry and cache, as npm would find them in a .npmrc; no retries, so that tests need not wait.</summary>
    public void UseRegistry(string address) => File.WriteAllText(PathOf("eng", ".npmrc"), $"""
        registry={address}
        cache={PathOf("npm-cache")}
        fetch-retries=0
        omit-lockfile-registry-resolved=true
        """);

    public void WriteLock(string integrity) => File.WriteAllText(PathOf("eng", "package-lock.json"), $$"""
        {"name":"sandbox","lockfileVersion":3,"requires":true,"packages":{
        "":{"name":"sandbox","dependencies":{"{{BundleCache.PackageName}}":"{{FakeBundle.Version}}"} },
        "node_modules/{{BundleCache.PackageName}}":{"version":"{{FakeBundle.Version}}","integrity":"{{integrity}}"} } }
        """);

    public void WritePackages(params (string Id, string Version)[] packages) => File.WriteAllText(PathOf("Directory.Packages.props"), $"""
        <Project>
          <ItemGroup Label="From the Aspire bundle">
            {string.Concat(packages.Select(p => $"<PackageVersion Include=\"{p.Id}\" Version=\"{p.Version}\" />"))}
          </ItemGroup>
          <ItemGroup Label="From the registry"><PackageVersion Include="Other" Version="9.9.9" /></ItemGroup>
        </Project>
        """);

    public Task RunAsync(AcquireOptions? options = null) =>
        new Acquisition(options ?? Options, Progress).RunAsync(TestContext.Current.CancellationToken);

    /// <summary>The program as a process of its own, as the build starts it.</summary>
    public Process Start(string feed = "feed", string? path = null)
    {
        var start = new ProcessStartInfo(Dotnet,
            [typeof(Acquisition).Assembly.Location, "--eng", PathOf("eng"), "--versions", PathOf("Directory.Packages.props"),
                "--cache", PathOf("cache"), "--feed", PathOf(feed)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (path is not null)
        {
            start.Environment["PATH"] = path;
        }

        return Process.Start(start)!;
    }

    public string[] Leftovers() => Directory.Exists(PathOf("cache")) ? Directory.GetDirectories(PathOf("cache"), ".tmp-*") : [];

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>The dotnet that runs this test.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(
        Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
}
