using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>The graph's pages of alerts and runbooks: on monitoring, which leads people there, and on the project.</summary>
internal sealed record PlaybooksAnnotation(ProjectResource Project) : IResourceAnnotation
{
    public const string Endpoint = "http";

    /// <summary>In a cluster.</summary>
    public const int ServicePort = 8080;

    /// <summary>Folder in the container.</summary>
    public const string MountedDashboards = "/etc/playbooks/dashboards";

    /// <summary>File in the container.</summary>
    public const string MountedHistory = "/etc/playbooks/history/entries";

    /// <summary>What was done to an environment; the values are times in milliseconds.</summary>
    public const string HistoryMetric = "history_entry_time_milliseconds";

    /// <summary>Where its runbooks are.</summary>
    public static string Runbooks(string address) => $"{address}/runbooks";

    /// <summary>Tells it where the others are; null: there is none.</summary>
    public static void Set(EnvironmentCallbackContext context, object? prometheus, object? alertmanager, string dashboards)
    {
        context.EnvironmentVariables["Playbooks__Dashboards"] = dashboards;
        foreach (var (name, address) in ((string, object?)[])[("Prometheus", prometheus), ("Alertmanager", alertmanager)])
        {
            if (address is not null)
            {
                context.EnvironmentVariables[$"Playbooks__{name}"] = address;
            }
        }
    }
}
