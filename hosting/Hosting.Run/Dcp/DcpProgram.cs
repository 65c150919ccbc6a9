using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>The dcp executable: runs one command of it to its end.</summary>
internal sealed class DcpProgram(DcpOptions options)
{
    private string Path => options.CliPath switch
    {
        null or "" => throw new DistributedApplicationException(
            "DCP, the orchestrator, was not found. Build the AppHost (the build fetches it), or name it with --dcp-cli-path or ASPIRE_DCP_PATH."),
        var path when !File.Exists(path) => throw new DistributedApplicationException(
            $"DCP, the orchestrator, is not at {path}. Build the AppHost (the build fetches it), or name it with --dcp-cli-path or ASPIRE_DCP_PATH."),
        var path => path,
    };

    /// <summary>Starts the API server in the background. It stops everything and ends when process <paramref name="monitorPid"/> is gone.</summary>
    public async Task StartServerAsync(DcpSessionFolder folder, int monitorPid, CancellationToken cancellationToken)
    {
        List<string> arguments =
        [
            "start-apiserver", "--monitor", $"{monitorPid}", "--detach", "--kubeconfig", folder.Kubeconfig,
            "--tls-cert-file", folder.CertificateFile, "--tls-key-file", folder.KeyFile,
        ];
        if (options.ContainerRuntime is { Length: > 0 } runtime)
        {
            arguments.AddRange(["--container-runtime", runtime]);
        }

        await RunAsync(arguments, folder.Path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for DCP's version and whether a container runtime answers. Takes up to a second or more.</summary>
    public async Task<DcpInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.DependencyCheckTimeout);
        string[] runtime = options.ContainerRuntime is { Length: > 0 } name ? ["--container-runtime", name] : [];
        try
        {
            var text = await RunAsync(["info", .. runtime], null, timeout.Token).ConfigureAwait(false);
            return JsonSerializer.Deserialize(text, DcpJson.Of<DcpInfo>()) ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException($"{Path} info answered no JSON: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"{Path} info did not end within {options.DependencyCheckTimeout.TotalSeconds} s.", e);
        }
    }

    private async Task<string> RunAsync(IEnumerable<string> arguments, string? sessionFolder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => !DcpEnvironment.IsInherited(name)).ToList())
        {
            start.Environment.Remove(name);
        }

        if (sessionFolder is not null)
        {
            start.Environment["DCP_SESSION_FOLDER"] = sessionFolder;
        }

        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0
                ? await output.ConfigureAwait(false)
                : throw new DistributedApplicationException(
                    $"{Path} {start.ArgumentList[0]} ended with exit code {process.ExitCode}: {(await errors.ConfigureAwait(false)).Trim()}");
        }
        catch (OperationCanceledException) when (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new DistributedApplicationException(
                $"DCP, the orchestrator, can't be run: {start.FileName}: {e.Message}. Make it executable (chmod +x), or delete it and build again.", e);
        }
    }
}
