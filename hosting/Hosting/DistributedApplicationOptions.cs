namespace Aspire.Hosting;

/// <summary>What can be said about the application before its builder is made.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>Name of the AppHost's assembly; null means the one that the process was started with.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Folder of the AppHost's project; null means what the build noted in the assembly.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether there is no dashboard.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Name of the application in the dashboard; null means the AppHost's.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Whether the dashboard may be reached without TLS. Locally everything is plain HTTP on the loopback.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Whether the logs of resources are also written to the AppHost's log.</summary>
    public bool EnableResourceLogging { get; set; }
}
