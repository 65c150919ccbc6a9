namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>
/// What of the AppHost's own environment goes on to DCP, and by DCP to every resource: all but what is meant for the
/// AppHost alone. Its addresses and environment name would change how a service starts; its parameters are secrets.
/// </summary>
internal static class DcpEnvironment
{
    private static readonly string[] _names =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT",
        "DOTNET_LAUNCH_PROFILE", "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "DOTNET_HOST_PATH",
    ];

    private static readonly string[] _prefixes =
    [
        "ASPIRE_", "AppHost__", "Parameters__", "ConnectionStrings__", "DcpPublisher__", "DASHBOARD__", "OTEL_", "DCP_OTEL_",
        "DCP_DIAGNOSTICS_", "services__",
    ];

    public static bool IsInherited(string name) =>
        !_names.Contains(name, StringComparer.OrdinalIgnoreCase)
        && !_prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
