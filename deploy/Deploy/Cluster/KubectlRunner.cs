using System.ComponentModel;
using System.Diagnostics;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Starts kubectl with context and namespace on every command line.</summary>
internal sealed class KubectlRunner(KubectlProgram program, KubectlTarget target)
{
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken, Action<string>? line = null)
    {
        await using var running = Start(arguments, input);
        using var registered = cancellationToken.Register(running.Kill);
        var output = line is null ? await running.Output.ReadToEndAsync(cancellationToken).ConfigureAwait(false) : await LinesAsync(running.Output, line, cancellationToken).ConfigureAwait(false);
        var (exitCode, error) = await running.EndAsync(cancellationToken).ConfigureAwait(false);
        return (exitCode, output, error);
    }

    public RunningKubectl Start(IReadOnlyList<string> arguments, string? input)
    {
        // `config` reads the kubeconfig only: --context would choose the answer.
        IEnumerable<string> place = arguments[0] == "config" ? [] : ["--context", target.Context, "--namespace", target.Namespace];
        var start = new ProcessStartInfo(program.Path, [.. place, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (program.Kubeconfig is { } kubeconfig)
        {
            start.Environment["KUBECONFIG"] = kubeconfig;
        }

        try
        {
            return new(Process.Start(start)!, input, target);
        }
        catch (Win32Exception)
        {
            throw new KubectlException(KubectlFault.NotInstalled, $"There is no '{program.Path}' on the PATH. Install kubectl: https://kubernetes.io/docs/tasks/tools/.");
        }
    }

    private static async Task<string> LinesAsync(StreamReader reader, Action<string> told, CancellationToken cancellationToken)
    {
        var all = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            told(line);
            all.Append(line).Append('\n');
        }

        return all.ToString();
    }
}
