using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting;

/// <summary>A dashboard for this machine.</summary>
internal static class LoopbackDashboardExtensions
{
    private const string Frontend = "ASPNETCORE_URLS";
    private const string Telemetry = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    private const string Resources = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>
    /// Serves the dashboard as http on loopback, behind a login token, at the addresses of the launch profile (or any free
    /// ports), and sends no telemetry to anybody. Where a port of the launch profile is taken, as by a second AppHost, a free one
    /// is used.
    /// </summary>
    public static IDistributedApplicationBuilder AddLoopbackDashboard(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            var settings = new Dictionary<string, string?>
            {
                ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = builder.Configuration["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] ?? "true",
                ["ASPIRE_VERSION_CHECK_DISABLED"] = builder.Configuration["ASPIRE_VERSION_CHECK_DISABLED"] ?? "true",
            };
            foreach (var key in (string[])[Frontend, Telemetry, Resources])
            {
                // Without an address Aspire takes any free port of loopback.
                settings[key] = IsTaken(builder.Configuration[key]) ? "" : builder.Configuration[key];
            }

            if (!settings.Values.Any(v => v?.StartsWith("https:", StringComparison.Ordinal) == true))
            {
                settings["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = builder.Configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"]
                    ?? "true";
            }

            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddEventingSubscriber<DirectEndpoints>();
            builder.AddRunTask<DashboardAnnouncement>();
        }

        return builder;
    }

    private static bool IsTaken(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Port > 0 && PortHolder.Find(url.Port) is not null;

    /// <summary>
    /// Lets the dashboard listen at its fixed ports itself. DCP's proxy would go on accepting connections when the dashboard has
    /// ended, and services that stop would wait for the answer to their last export.
    /// </summary>
    private sealed class DirectEndpoints : IDistributedApplicationEventingSubscriber
    {
        // Subscribed after Aspire's own handler, which adds the dashboard.
        public Task SubscribeAsync(
            IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext context,
            CancellationToken cancellationToken)
        {
            eventing.Subscribe<BeforeStartEvent>((start, _) =>
            {
                var dashboard = start.Model.Resources.FirstOrDefault(r => r.Name == DashboardAnnouncement.Dashboard);
                foreach (var endpoint in dashboard?.Annotations.OfType<EndpointAnnotation>().Where(e => e.Port > 0) ?? [])
                {
                    endpoint.IsProxied = false;
                }

                return Task.CompletedTask;
            });
            return Task.CompletedTask;
        }
    }
}
