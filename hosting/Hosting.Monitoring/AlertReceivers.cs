using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Who is told of alerts in a deployment environment.</summary>
/// <param name="Only">Only alerts of this severity; null: all.</param>
internal abstract record AlertReceiverAnnotation(AlertSeverity? Only) : IResourceAnnotation
{
    /// <summary>TCP port that Alertmanager has to reach for it.</summary>
    internal abstract int Port { get; }
}

/// <summary>A mailbox.</summary>
internal sealed record EmailReceiverAnnotation(
    string To, string From, string SmartHost, int SmartHostPort, string? Username, ParameterResource? Password,
    AlertSeverity? Only) : AlertReceiverAnnotation(Only)
{
    internal override int Port => SmartHostPort;
}

internal sealed record SlackReceiverAnnotation(string Channel, ParameterResource Url, AlertSeverity? Only)
    : AlertReceiverAnnotation(Only)
{
    internal override int Port => 443;
}

/// <summary>An HTTP endpoint that takes Alertmanager's JSON.</summary>
internal sealed record WebhookReceiverAnnotation(ParameterResource Url, int UrlPort, AlertSeverity? Only)
    : AlertReceiverAnnotation(Only)
{
    internal override int Port => UrlPort;
}

/// <summary>The graph's own notifier, which tells people.</summary>
internal sealed record NotifierReceiverAnnotation(ProjectResource Notifier, ParameterResource Token)
    : AlertReceiverAnnotation(Only: null)
{
    public const string Endpoint = "http";
    public const string Path = "/alerts";

    /// <summary>Where summaries are posted.</summary>
    public const string Reports = "/reports";

    /// <summary>The variable that says where to ask and silence.</summary>
    public const string Alertmanager = "Notifier__Alertmanager";

    /// <summary>In a cluster.</summary>
    public const int ServicePort = 8080;

    internal override int Port => ServicePort;
}
