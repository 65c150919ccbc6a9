using System.Diagnostics;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>Runs the scripts of Hosting.RedisCluster/Assets as a pod would.</summary>
internal static class Shell
{
    /// <summary>The folder of the scripts.</summary>
    public static string Assets { get; } = Repository.PathOf("hosting", "Hosting.RedisCluster", "Assets");

    /// <summary>Whether a program is on PATH.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, program)));

    /// <summary>A started process with all three standard streams in our hands.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> command)
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

        return Process.Start(start)!;
    }

    /// <summary>Runs to the end; the output is both streams', trimmed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string> environment, string input, CancellationToken cancellationToken,
        params IEnumerable<string> command)
    {
        using var process = Start(environment, command);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, (output + await error).Trim());
    }
}
