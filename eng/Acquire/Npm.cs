using System.ComponentModel;
using System.Text.RegularExpressions;

namespace MonoRepo.Acquire;

/// <summary>
/// npm does what it is good at: it finds the user's registry and proxy, verifies sha512 against the lock file, and
/// answers from its own cache when there is no network.
/// </summary>
public static partial class Npm
{
    private static readonly string[] CleanInstall =
    [
        "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline", "--loglevel=error",
        "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000",
    ];

    /// <summary>Installs what package-lock.json in <paramref name="directory"/> pins, and nothing else.</summary>
    /// <exception cref="AcquisitionException">npm is missing or failed.</exception>
    public static async Task CleanInstallAsync(string directory, CancellationToken cancellation)
    {
        ToolResult result;
        try
        {
            result = await Tool.RunAsync("npm", CleanInstall, directory, [], cancellation);
        }
        catch (Win32Exception)
        {
            throw AcquisitionException.NpmMissing();
        }

        if (result.ExitCode != 0)
        {
            throw Explain(result.Output, directory);
        }
    }

    /// <summary>npm's own code (<c>npm error code EINTEGRITY</c>) decides which line the user reads.</summary>
    internal static AcquisitionException Explain(string output, string directory) => ErrorCode().Match(output).Groups[1].Value switch
    {
        "EINTEGRITY" => AcquisitionException.WrongChecksum(),
        "ENOSPC" => AcquisitionException.DiskFull(directory),
        "EBADPLATFORM" => AcquisitionException.WrongPlatform("another platform"),
        var code and ("ECONNREFUSED" or "ECONNRESET" or "ENOTFOUND" or "EAI_AGAIN" or "ETIMEDOUT" or "ENETUNREACH" or "EHOSTUNREACH"
            or "ERR_SOCKET_TIMEOUT" or "ENOTCACHED" or "E502" or "E503" or "E504") => AcquisitionException.RegistryUnreachable(code),
        _ when Tool.IsDiskFull(output) => AcquisitionException.DiskFull(directory),
        _ => AcquisitionException.NpmFailed(FirstReason(output)),
    };

    private static string FirstReason(string output) =>
        string.Join("; ", ErrorLine().Matches(output).Select(line => line.Groups[1].Value.Trim()).Where(line => line != "").Take(2)) is { Length: > 0 } reason
            ? reason
            : Tool.LastLine(output);

    [GeneratedRegex(@"^npm (?:error|ERR!) code (\S+)", RegexOptions.Multiline)]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"^npm (?:error|ERR!) (.*)$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
