namespace MonoRepo.Hosting.App.Verbs;

/// <summary>The tools that build and deploy.</summary>
internal static class ToolChecks
{
    private const int SdkMajor = 10;

    public static async Task<DoctorFinding> SdkAsync(CancellationToken cancellationToken)
    {
        var version = await ProgramCheck.AskAsync("dotnet", ["--version"], cancellationToken).ConfigureAwait(false);
        return version is not null && int.TryParse(version.Split('.')[0], out var major) && major >= SdkMajor
            ? new DoctorFinding(".NET SDK", DoctorVerdict.Ok, version)
            : new DoctorFinding(".NET SDK", DoctorVerdict.Failed, version ?? "not found", $"Install the .NET SDK {SdkMajor} and put dotnet on the PATH.");
    }

    /// <summary>npm fetches the bundle; where that is there already nobody misses it.</summary>
    public static async Task<DoctorFinding> NpmAsync(bool isBundleThere, CancellationToken cancellationToken)
    {
        var version = await ProgramCheck.AskAsync("npm", ["--version"], cancellationToken).ConfigureAwait(false);
        return version is not null
            ? new DoctorFinding("npm", DoctorVerdict.Ok, version)
            : new DoctorFinding(
                "npm",
                isBundleThere ? DoctorVerdict.Optional : DoctorVerdict.Failed,
                "not found",
                isBundleThere ? "The bundle is fetched already; install Node.js with npm before the next upgrade." : "Install Node.js with npm: the build fetches DCP and dashboard with it.");
    }

    public static Task<DoctorFinding> KubectlAsync(CancellationToken cancellationToken) =>
        ProgramCheck.OptionalAsync("kubectl", ["version", "--client"], "deployments", cancellationToken);

    /// <summary>What integrations of the graph use now and then.</summary>
    public static Task<DoctorFinding[]> OptionalAsync(IEnumerable<OptionalTool> tools, CancellationToken cancellationToken) => Task.WhenAll(
        tools.DistinctBy(tool => tool.Name).Select(tool => ProgramCheck.OptionalAsync(tool.Name, [.. tool.VersionArguments], tool.NeededBy, cancellationToken)));
}
