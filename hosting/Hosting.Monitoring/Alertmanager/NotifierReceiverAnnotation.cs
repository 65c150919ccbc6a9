using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

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
