namespace MonoRepo.Tests.Services;

/// <summary>The route guide's server as a process.</summary>
public static class RouteGuideServer
{
    /// <summary>Starts a server over this Redis, or over its own memory, and returns when it listens.</summary>
    public static Task<ServerProcess> StartAsync(
        string? redis, CancellationToken cancellationToken, string environment = "Development",
        params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync("RouteGuide.Server", cancellationToken, environment,
            [("Store", redis is null ? "memory" : "redis"), ("ConnectionStrings__redis", redis ?? ""), .. settings]);
}
