using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>How monitoring runs on this machine, whatever the graph says about deployment.</summary>
/// <param name="Programs"><c>Monitoring:Local</c>: auto (default), native, container or off.</param>
/// <param name="Webhook"><c>Monitoring:Webhook</c>: URL to which local alerts are posted; none by default.</param>
/// <param name="Interval"><c>Monitoring:Interval</c>: how often metrics are read, 5s by default: a dashboard follows what one
/// does.</param>
internal sealed record LocalMonitoringOptions(LocalPrograms Programs, string? Webhook, string Interval)
{
    public const string ProgramsKey = "Monitoring:Local";
    public const string WebhookKey = "Monitoring:Webhook";
    public const string IntervalKey = "Monitoring:Interval";

    /// <summary>The names that <see cref="ProgramsKey"/> takes, in the order of <see cref="LocalPrograms"/>.</summary>
    public static readonly string[] Names = ["auto", "native", "container", "off"];

    /// <exception cref="DistributedApplicationException">A value is none of those allowed.</exception>
    public static LocalMonitoringOptions Read(IConfiguration configuration)
    {
        var stated = configuration[ProgramsKey] is { Length: > 0 } text ? text : Names[0];
        var index = Array.FindIndex(Names, n => n.Equals(stated, StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? new((LocalPrograms)index, configuration[WebhookKey], configuration[IntervalKey] is { Length: > 0 } interval
            ? interval
            : "5s")
            : throw new DistributedApplicationException(
                $"{ProgramsKey} is '{stated}'; it must be one of {string.Join(", ", Names)}.");
    }
}
