using System.Reflection;
using System.Text;
using System.Text.Json;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>
/// Microsoft's Garnet, a Redis-compatible server that runs wherever .NET does: the NuGet tool package garnet-server.
/// </summary>
internal static class GarnetServer
{
    /// <summary>The program: the tool is an assembly, which the .NET host runs.</summary>
    public const string Program = "dotnet";

    /// <summary>The version that buildTransitive/ has the build download.</summary>
    public static string Version { get; } = Metadata(typeof(GarnetServer).Assembly, "garnetserverversion")!;

    /// <summary>
    /// Where NuGet unpacks the tool, unless an AppHost says otherwise: <c>$NUGET_PACKAGES</c>, or <c>.nuget/packages</c> in the
    /// user's home.
    /// </summary>
    public static string DefaultPath => Path.Combine(
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        "garnet-server", Version, "tools", "net10.0", "any", "GarnetServer.dll");

    /// <summary>Where the build of this AppHost has put the tool.</summary>
    public static string PathFor(Assembly? appHost) =>
        appHost is not null && Metadata(appHost, "garnetserverpath") is { Length: > 0 } path ? path : DefaultPath;

    public static ServerCommand Command(string serverPath, MemberSettings settings)
    {
        List<string> arguments =
        [
            serverPath, "-q", "--cluster",
            "--port", $"{settings.Port}", "--bind", "127.0.0.1", "--cluster-announce-ip", "127.0.0.1",
            // Its own device needs libaio, which a fresh machine lacks.
            "--device-type", "RandomAccess", "--checkpointdir", settings.Directory,
            // A limit, not a reservation: pages are allocated as they fill, and what exceeds the limit is dropped.
            "--memory", "1g", "--page", "4m", "--index", "16m",
            "--gossip-delay", "1", "--cluster-timeout", "5",
            // Without it, INFO says 0 of all that is counted: commands, hits, clients.
            "--metrics-sampling-freq", "5",
            // Shared quotas are a script, which two callers must not run at once on the same key.
            "--lua", "--lua-transaction-mode",
        ];
        if (settings.KeepsData || settings.HasReplicas)
        {
            arguments.AddRange(["--aof", "--recover", "--aof-memory", "32m", "--aof-page-size", "8m"]);
        }

        SecretFile? secrets = null;
        if (settings.Password is { } password)
        {
            // Garnet reads what clients present as ASCII, a question mark for each byte that is none. Only its ACLs compare that
            // text.
            var read = Encoding.ASCII.GetString(Encoding.UTF8.GetBytes(password));
            var mode = read == password ? "Password" : "ACL";
            secrets = new(Path.Combine(settings.Directory, "garnet.json"), JsonSerializer.Serialize(
                new { AuthenticationMode = mode, Password = read, ClusterPassword = read }));
            arguments.AddRange(["--config-import-path", secrets.Path]);
        }

        // A workstation heap and no profiling: several of these share a laptop with the services.
        return new(Program, arguments, new Dictionary<string, string>
        {
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        }, secrets);
    }

    private static string? Metadata(Assembly assembly, string key) => assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key.Equals(key, StringComparison.OrdinalIgnoreCase))?.Value;
}
