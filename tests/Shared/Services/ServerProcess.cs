using System.Diagnostics;

namespace MonoRepo.Tests.Services;

/// <summary>
/// A server of this repository as a process, as the AppHost would start it: gRPC and management endpoint on free ports of
/// loopback.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);
    private static readonly HttpClient s_http = new();

    private ServerProcess(ServiceProcess process) => Process = process;

    /// <summary>The process.</summary>
    public ServiceProcess Process { get; }

    /// <summary>The gRPC endpoint.</summary>
    public Uri Grpc => Process.Addresses[0];

    /// <summary>The management endpoint.</summary>
    public Uri Management => Process.Addresses[1];

    /// <summary>Starts <paramref name="project"/> (its folder's name) with these variables and returns when it listens.</summary>
    public static async Task<ServerProcess> StartAsync(
        string project, CancellationToken cancellationToken, string environment = "Development",
        params (string Name, string Value)[] settings)
    {
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = environment,
            ["Kestrel__Endpoints__grpc__Url"] = "http://127.0.0.1:0",
            ["Kestrel__Endpoints__management__Url"] = "http://127.0.0.1:0",
        };
        foreach (var (name, value) in settings)
        {
            variables[name] = value;
        }

        var server = new ServerProcess(ServiceProcess.Start(project, variables));
        try
        {
            await server.Process.WaitForAddressesAsync(2, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until <c>/health</c> answers with this status.</summary>
    public async Task WaitForHealthAsync(int status, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp();
            await GetStatusAsync("/health", cancellationToken) != status;
            await Task.Delay(50, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > s_timeout)
            {
                throw new TimeoutException($"/health did not become {status}. The server printed:\n{Process.Log}");
            }
        }
    }

    /// <summary>The status that a path of the management endpoint answers with.</summary>
    public async Task<int> GetStatusAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await s_http.GetAsync(new Uri(Management, path), cancellationToken);
        return (int)response.StatusCode;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
