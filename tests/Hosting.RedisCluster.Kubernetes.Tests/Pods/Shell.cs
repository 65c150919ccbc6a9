using System.Diagnostics;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>Runs the scripts of Hosting.RedisCluster/Assets as a pod would.</summary>
internal static class Shell
{
    /// <summary>The folder of the scripts.</summary>
    public static string Assets { get; } = Repository.PathOf("hosting", "Hosting.RedisCluster", "Assets");

    /// <summary>A started process with all three standard streams in our hands.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> command) =>
        Process.Start(Create(environment, command))!;

    /// <summary>Runs to the end; the output is both streams', trimmed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string> environment, string input, CancellationToken cancellationToken,
        params IEnumerable<string> command)
    {
        var run = await ProgramRun.RunAsync(Create(environment, command), cancellationToken, input);
        return (run.ExitCode, (run.Output + run.Error).Trim());
    }

    private static ProcessStartInfo Create(IReadOnlyDictionary<string, string> environment, IEnumerable<string> command)
    {
        var start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
