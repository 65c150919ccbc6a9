using System.Text;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>The native <c>redis-server</c>, version 6 or newer.</summary>
internal static class RedisServer
{
    /// <summary>The program, looked up in PATH.</summary>
    public const string Program = "redis-server";

    /// <summary>What a server must be told to be a member, whatever runs it.</summary>
    public static readonly string[] ClusterArguments =
    [
        "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-replica-validity-factor", "0",
        "--repl-diskless-sync-delay", "0",
    ];

    public static bool IsInstalled => ProgramSearch.IsOn(Environment.GetEnvironmentVariable("PATH") ?? "", Program);

    public static ServerCommand Command(MemberSettings settings)
    {
        List<string> arguments =
        [
            "--port", $"{settings.Port}", "--bind", "127.0.0.1", "--cluster-announce-ip", "127.0.0.1",
            .. ClusterArguments, "--save", "", "--dir", settings.Directory, "--appendonly", settings.KeepsData ? "yes" : "no",
        ];
        SecretFile? secrets = null;
        if (settings.Password is { } password)
        {
            secrets = new(
                Path.Combine(settings.Directory, "redis.conf"), $"requirepass {Quote(password)}\nmasterauth {Quote(password)}\n");
            arguments.Insert(0, secrets.Path);
        }

        return new(Program, arguments, new Dictionary<string, string>(), secrets);
    }

    // redis.conf understands "\xHH" for any byte.
    private static string Quote(string text) =>
        $"\"{string.Concat(Encoding.UTF8.GetBytes(text).Select(b => $"\\x{b:x2}"))}\"";
}
