using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Tells people and tools where the dashboard is; IDEs and the aspire command look for these two lines.</summary>
internal sealed partial class DashboardAnnouncement(DashboardOptions options, TimeProvider clock, ILogger<DistributedApplication> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Waits until the dashboard answers, then says so.</summary>
    public async Task AnnounceAsync(IResourceWithEndpoints dashboard, CancellationToken cancellationToken)
    {
        var url = DashboardResource.GetFrontend(dashboard).Url;
        var login = options.BrowserToken is { } token ? $"{url}/login?t={token}" : url;
        try
        {
            using var deadline = new CancellationTokenSource(Patience, clock);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            while (!await AnswersAsync(client, $"{url}/health", linked.Token).ConfigureAwait(false))
            {
                await Task.Delay(Interval, clock, linked.Token).ConfigureAwait(false);
            }

            Listening(logger, url);
            if (login != url)
            {
                Login(logger, login);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (OperationCanceledException)
        {
            Silent(logger, url, Patience.TotalSeconds);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(url, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Now listening on: {Url}")]
    private static partial void Listening(ILogger logger, string url);

    [LoggerMessage(2, LogLevel.Information, "Login to the dashboard at {Url}")]
    private static partial void Login(ILogger logger, string url);

    [LoggerMessage(3, LogLevel.Warning, "The dashboard has not answered at {Url} for {Seconds} s; its log is that of the resource aspire-dashboard. Everything else goes on.")]
    private static partial void Silent(ILogger logger, string url, double seconds);
}
