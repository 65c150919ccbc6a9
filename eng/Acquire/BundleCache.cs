namespace MonoRepo.Acquire;

/// <summary>
/// The unpacked bundle of one version in the user's cache: <c>dcp/dcp</c> and <c>managed/aspire-managed</c>.
/// A folder that is there is complete, because it only gets its name when it is.
/// </summary>
public sealed class BundleCache(AcquireOptions options, TextWriter progress)
{
    /// <summary>The npm package that carries the bundle.</summary>
    public const string PackageName = "@microsoft/aspire-cli-linux-x64";

    private const string TemporaryPrefix = ".tmp-";

    /// <summary>The folder of <paramref name="version"/>, acquired now when it is not there. The caller holds the lock.</summary>
    public async Task<string> GetAsync(string version, CancellationToken cancellation)
    {
        var target = Path.Combine(options.CacheDirectory, version);
        if (IsComplete(target))
        {
            return target;
        }

        Acquisition.RequireSupportedPlatform();
        RemoveLeftovers();
        RequireSpace();

        var work = Path.Combine(options.CacheDirectory, TemporaryPrefix + Path.GetRandomFileName());
        try
        {
            await DownloadAsync(work, version, cancellation);
            var unpacked = await UnpackAsync(work, cancellation);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(unpacked, target);
        }
        finally
        {
            RemoveLeftovers();
        }

        progress.WriteLine($"Aspire bundle: {version} is ready in {target}");
        return target;
    }

    private static bool IsComplete(string directory) =>
        File.Exists(Path.Combine(directory, "dcp", "dcp")) && File.Exists(Path.Combine(directory, "managed", "aspire-managed"));

    private async Task DownloadAsync(string work, string version, CancellationToken cancellation)
    {
        progress.WriteLine($"Aspire bundle: npm downloads {PackageName} {version} (127 MB, once per user)");
        Directory.CreateDirectory(work);
        foreach (var name in (string[])["package.json", "package-lock.json", ".npmrc"])
        {
            File.Copy(Path.Combine(options.EngDirectory, name), Path.Combine(work, name));
        }

        await Npm.CleanInstallAsync(work, cancellation);
    }

    /// <summary>The CLI unpacks itself beside its own bin folder, into versions/{version and hash}.</summary>
    private async Task<string> UnpackAsync(string work, CancellationToken cancellation)
    {
        progress.WriteLine("Aspire bundle: unpacking DCP and the dashboard (300 MB)");
        var package = Path.Combine(work, "node_modules", PackageName);
        var home = Directory.CreateDirectory(Path.Combine(work, "home")).FullName;
        var result = await Tool.RunAsync(Path.Combine(package, "bin", "aspire"), ["setup"], work, new()
        {
            ["HOME"] = home,
            ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "true",
        }, cancellation);

        var versions = new DirectoryInfo(Path.Combine(package, "versions"));
        var unpacked = versions.Exists ? versions.GetDirectories() : [];
        return result.ExitCode == 0 && unpacked is [var only] && IsComplete(only.FullName)
            ? only.FullName
            : throw (Tool.IsDiskFull(result.Output)
                ? AcquisitionException.DiskFull(options.CacheDirectory)
                : AcquisitionException.Unreadable($"`aspire setup` ended with {result.ExitCode} and said: {Tool.LastLine(result.Output)}"));
    }

    private void RequireSpace()
    {
        if (new DriveInfo(options.CacheDirectory).AvailableFreeSpace < options.RequiredFreeBytes)
        {
            throw AcquisitionException.DiskFull(options.CacheDirectory);
        }
    }

    /// <summary>What an interrupted run left: no other run is using it while we hold the lock.</summary>
    private void RemoveLeftovers()
    {
        foreach (var leftover in Directory.GetDirectories(options.CacheDirectory, TemporaryPrefix + "*"))
        {
            try
            {
                Directory.Delete(leftover, recursive: true);
            }
            catch (IOException)
            {
                // The npm of a killed run may still be writing there; the next run takes care of it.
            }
        }
    }
}
