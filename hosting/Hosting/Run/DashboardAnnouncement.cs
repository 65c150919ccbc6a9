using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>Says where the dashboard is, as soon as it answers.</summary>
internal sealed partial class DashboardAnnouncement(
    ResourceNotificationService notifications, IConfiguration configuration, TimeProvider clock,
    ILogger<DashboardAnnouncement> logger) : IRunTask
{
    /// <summary>The name that Aspire gives the dashboard.</summary>
    public const string Dashboard = "aspire-dashboard";

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(2);

    public async Task ExecuteAsync(CancellationToken stopping)
    {
        var running = await notifications.WaitForResourceAsync(
            Dashboard, e => e.Snapshot.State?.Text == KnownResourceStates.Running, stopping);
        var url = FindFrontend((IResourceWithEndpoints)running.Resource)!.Url;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_attempt };
        while (!await AnswersAsync(client, $"{url}/health", stopping))
        {
            await Task.Delay(s_interval, clock, stopping);
        }

        Login(logger, configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{url}/login?t={token}" : url);
    }

    /// <summary>The endpoint for browsers.</summary>
    public static EndpointReference? FindFrontend(IResourceWithEndpoints dashboard) =>
        dashboard.GetEndpoints().FirstOrDefault(endpoint => endpoint.EndpointName is "http" or "https");

    private static async Task<bool> AnswersAsync(HttpClient client, string url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return true;
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError == HttpRequestError.SecureConnectionError;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Login to the dashboard at {Url}")]
    private static partial void Login(ILogger logger, string url);
}
