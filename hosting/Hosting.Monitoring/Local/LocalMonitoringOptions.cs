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

    /// <summary>The names that <see cref="ProgramsKey"/> takes.</summary>
    public static readonly string[] Names = [.. Enum.GetNames<LocalPrograms>().Select(n => n.ToLowerInvariant())];

    /// <exception cref="DistributedApplicationException">A value is none of those allowed.</exception>
    public static LocalMonitoringOptions Read(IConfiguration configuration)
    {
        var stated = configuration[ProgramsKey] is { Length: > 0 } text ? text : Names[0];
        var interval = configuration[IntervalKey] is { Length: > 0 } other ? other : "5s";
        // Parsing alone would also take numbers.
        return Names.Contains(stated, StringComparer.OrdinalIgnoreCase)
            ? new(Enum.Parse<LocalPrograms>(stated, ignoreCase: true), configuration[WebhookKey], interval)
            : throw new DistributedApplicationException(
                $"{ProgramsKey} is '{stated}'; it must be one of {string.Join(", ", Names)}.");
    }
}
