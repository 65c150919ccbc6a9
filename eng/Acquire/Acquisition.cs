using System.Runtime.InteropServices;
using System.Text.Json;

namespace MonoRepo.Acquire;

/// <summary>
/// The whole of it: the bundle into the user's cache, unless it is there, then its assemblies into the checkout's feed.
/// One at a time per cache: every write happens under one lock, under a temporary name, and ends with a rename.
/// </summary>
/// <param name="options">Where from and where to.</param>
/// <param name="progress">Takes one line per step.</param>
public sealed class Acquisition(AcquireOptions options, TextWriter progress)
{
    private const int DiskFullErrno = 28;

    /// <summary>Acquires and packs; returns at once what is already there.</summary>
    /// <exception cref="AcquisitionException">With the line to show.</exception>
    public async Task RunAsync(CancellationToken cancellation = default)
    {
        try
        {
            Directory.CreateDirectory(options.CacheDirectory);
            using var _ = await CacheLock.TakeAsync(options.CacheDirectory, progress, cancellation);
            var bundle = await new BundleCache(options, progress).GetAsync(ReadVersion(), cancellation);
            if (options.FeedDirectory is { } feed)
            {
                Feed.Fill(bundle, feed, options.PackageVersionsFile, progress);
            }
        }
        catch (IOException e) when (e.HResult == DiskFullErrno)
        {
            throw AcquisitionException.DiskFull(options.CacheDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AcquisitionException.CannotWrite(e.Message);
        }
    }

    /// <summary>linux-x64 with glibc, which is what the npm package is built for.</summary>
    internal static void RequireSupportedPlatform()
    {
        var platform = RuntimeInformation.RuntimeIdentifier;
        var musl = platform.Contains("musl", StringComparison.Ordinal) || platform.StartsWith("alpine", StringComparison.Ordinal);
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64 || musl)
        {
            throw AcquisitionException.WrongPlatform(platform);
        }
    }

    private string ReadVersion()
    {
        using var package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(options.EngDirectory, "package.json")));
        return package.RootElement.GetProperty("dependencies").GetProperty(BundleCache.PackageName).GetString()!;
    }
}
