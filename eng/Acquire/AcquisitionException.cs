namespace MonoRepo.Acquire;

/// <summary>A fault that the person at the keyboard can mend: one line, with the code that MSBuild shows.</summary>
/// <param name="code">MONO0001 and on; eng/README.md lists them.</param>
/// <param name="message">What happened and what to do, in one line.</param>
public sealed class AcquisitionException(string code, string message) : Exception(message)
{
    /// <summary>The code of the fault, for example <c>MONO0003</c>.</summary>
    public string Code { get; } = code;

    /// <summary>This machine's kind is not one that the bundle is promised for.</summary>
    public static AcquisitionException WrongPlatform(string platform) => new("MONO0001",
        $"The Aspire bundle is acquired on linux-x64 (glibc) only and this is {platform}: build in a linux-x64 container or VM, or set "
        + "UseAspireBundleFeed=false where your NuGet registry has the packages.");

    /// <summary>npm is not on the PATH.</summary>
    public static AcquisitionException NpmMissing() => new("MONO0002",
        "npm was not found on the PATH and the Aspire bundle comes from npm: install Node.js 20 or newer (it brings npm), then build again.");

    /// <summary>The npm registry did not answer.</summary>
    public static AcquisitionException RegistryUnreachable(string reason) => new("MONO0003",
        $"The npm registry could not be reached ({reason}): check the network, the proxy and `npm config get registry`, then build again; "
        + "what was downloaded before is kept.");

    /// <summary>The download is not what package-lock.json promises.</summary>
    public static AcquisitionException WrongChecksum() => new("MONO0004",
        "The Aspire bundle that npm delivered does not have the sha512 of eng/package-lock.json and was not used: run "
        + "`npm cache clean --force` and build again; if it stays, your registry serves an altered package.");

    /// <summary>No room for the bundle.</summary>
    public static AcquisitionException DiskFull(string directory) => new("MONO0005",
        $"Not enough disk space for the Aspire bundle in {directory} (about 800 MB while unpacking, 300 MB after): free some, or set "
        + "XDG_CACHE_HOME to a folder on a larger disk, then build again.");

    /// <summary>The bundle arrived but is not what this code knows how to read.</summary>
    public static AcquisitionException Unreadable(string detail) => new("MONO0006",
        $"The Aspire bundle does not look as expected: {detail}. Do eng/package.json and Directory.Packages.props name versions that belong together?");

    /// <summary>npm failed for a reason of its own.</summary>
    public static AcquisitionException NpmFailed(string reason) => new("MONO0007",
        $"`npm ci` in eng/ failed: {reason}.");

    /// <summary>The cache or the feed cannot be written.</summary>
    public static AcquisitionException CannotWrite(string reason) => new("MONO0008",
        $"The Aspire bundle could not be stored: {reason} Make the folder writable, or set XDG_CACHE_HOME to one that is.");
}
