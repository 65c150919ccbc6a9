using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Monitoring.Kubernetes;

namespace Aspire.Hosting;

/// <summary>A service of the graph that tells people of alerts.</summary>
public static class NotifierExtensions
{
    /// <summary>
    /// Adds the notifier, to which Alertmanager posts all alerts. Its queue is in Redis; it sends to the receivers of its
    /// settings (<c>Notifier:Receivers:NAME:…</c>), and without one does nothing. Locally it starts once everything else is
    /// ready. Its alerts and panels come with it; the secret parameter <c>{name}-token</c> is what Alertmanager proves itself by.
    /// It tells people of an environment's summaries, too (<c>WithSummary</c>).
    /// </summary>
    /// <typeparam name="TNotifier">The notifier's project.</typeparam>
    /// <param name="builder">Monitoring.</param>
    /// <param name="redis">Where its queue is; it needs Streams.</param>
    /// <param name="configure">Settings of the notifier, such as receivers and the way out to them.</param>
    /// <param name="name">Name of the resource.</param>
    public static IResourceBuilder<MonitoringResource> WithNotifier<TNotifier>(
        this IResourceBuilder<MonitoringResource> builder,
        IResourceBuilder<IResourceWithConnectionString> redis,
        Action<IResourceBuilder<ProjectResource>>? configure = null,
        [ResourceName] string name = "notifier")
        where TNotifier : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(redis);
        var generated = new GenerateParameterDefault { MinLength = 32, Special = false };
        var token = builder.ApplicationBuilder.AddParameter($"{name}-token", generated, secret: true);
        var deliveries = $"notifier_deliveries_total{{job=\"{name}\"}}";
        var age = $"max by (receiver) (notifier_queue_oldest_age_seconds{{job=\"{name}\"}})";
        var notifier = builder.ApplicationBuilder.AddProject<TNotifier>(name).WithHttpHealthCheck("/health")
            .WithMetricsEndpoint()
            .WithAnnotation(
                new PublishedPortAnnotation(NotifierReceiverAnnotation.Endpoint, NotifierReceiverAnnotation.ServicePort)
                {
                    Scheme = "http",
                })
            .WithReference(redis)
            .WithEnvironment("Notifier__Token", token)
            .WithEnvironment(context =>
            {
                // Local monitoring says where it is on this machine.
                if (context.ExecutionContext.IsPublishMode)
                {
                    context.EnvironmentVariables[NotifierReceiverAnnotation.Alertmanager] =
                        $"http://{MonitoringNames.AlertmanagerService}:{MonitoringNames.AlertmanagerPort}";
                }
            })
            .WithDeferredStart()
            .WithResources(cpuRequest: "20m", memoryRequest: "96Mi", memoryLimit: "192Mi")
            .WithAlertRules(
                new AlertRule(
                    "NotificationsDelayed",
                    $"{age} > 300",
                    TimeSpan.FromMinutes(1),
                    AlertSeverity.Page,
                    "{{ $labels.receiver }} has not been told of alerts for {{ $value | humanizeDuration }}."),
                new AlertRule(
                    "NotificationsLost",
                    $"sum by (receiver) (increase({deliveries.TrimEnd('}')},result=~\"refused|expired\"}}[1h])) > 0",
                    TimeSpan.Zero,
                    AlertSeverity.Ticket,
                    "{{ $labels.receiver }} was not told of {{ $value | humanize }} notifications in an hour, and will not be."))
            .WithGrafanaDashboard(
                "Notifications",
                new("Deliveries", $"sum by (receiver, result) (rate({deliveries}[$__rate_interval]))", "ops",
                    "{{receiver}} {{result}}"),
                new("Not sent yet", $"max by (receiver) (notifier_queue_length{{job=\"{name}\"}})", "short", "{{receiver}}"),
                new("Age of the oldest that could be sent", age, "s", "{{receiver}}"));
        notifier.WithAnnotation(new ReportReceiverAnnotation(
            notifier.Resource, NotifierReceiverAnnotation.ServicePort, NotifierReceiverAnnotation.Reports, token.Resource));
        configure?.Invoke(notifier);
        return builder.WithAnnotation(new NotifierReceiverAnnotation(notifier.Resource, token.Resource));
    }
}
