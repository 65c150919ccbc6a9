using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Who is told of alerts: <c>monitoring.In("prod", m => m.WithSlackReceiver("#shop", slackUrl))</c>. What is secret is a
/// parameter, which Alertmanager reads from the environment's Secret.
/// </summary>
public static class AlertReceiverExtensions
{
    /// <summary>Posts Alertmanager's JSON to a URL.</summary>
    /// <param name="builder">Monitoring.</param>
    /// <param name="url">The URL, a secret parameter.</param>
    /// <param name="only">Only alerts of this severity.</param>
    /// <param name="port">Port of the URL, which the network policy opens.</param>
    public static IResourceBuilder<MonitoringResource> WithWebhookReceiver(
        this IResourceBuilder<MonitoringResource> builder, IResourceBuilder<ParameterResource> url, AlertSeverity? only = null,
        int port = 443)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(url);
        return builder.WithAnnotation(new WebhookReceiverAnnotation(url.Resource, port, only));
    }

    /// <summary>Writes to a Slack channel.</summary>
    /// <param name="builder">Monitoring.</param>
    /// <param name="channel">The channel, such as <c>#shop-alerts</c>.</param>
    /// <param name="url">Slack's incoming webhook, a secret parameter.</param>
    /// <param name="only">Only alerts of this severity.</param>
    public static IResourceBuilder<MonitoringResource> WithSlackReceiver(
        this IResourceBuilder<MonitoringResource> builder, string channel, IResourceBuilder<ParameterResource> url,
        AlertSeverity? only = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(url);
        ArgumentException.ThrowIfNullOrWhiteSpace(channel);
        return builder.WithAnnotation(new SlackReceiverAnnotation(channel, url.Resource, only));
    }

    /// <summary>Sends mail by SMTP with TLS.</summary>
    /// <param name="builder">Monitoring.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="from">Who sends it.</param>
    /// <param name="smartHost">SMTP server.</param>
    /// <param name="port">Its port.</param>
    /// <param name="username">Name to log in with.</param>
    /// <param name="password">Password, a secret parameter.</param>
    /// <param name="only">Only alerts of this severity.</param>
    public static IResourceBuilder<MonitoringResource> WithEmailReceiver(
        this IResourceBuilder<MonitoringResource> builder,
        string to,
        string from,
        string smartHost,
        int port = 587,
        string? username = null,
        IResourceBuilder<ParameterResource>? password = null,
        AlertSeverity? only = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(to);
        ArgumentException.ThrowIfNullOrWhiteSpace(from);
        ArgumentException.ThrowIfNullOrWhiteSpace(smartHost);
        return builder.WithAnnotation(new EmailReceiverAnnotation(to, from, smartHost, port, username, password?.Resource, only));
    }
}
