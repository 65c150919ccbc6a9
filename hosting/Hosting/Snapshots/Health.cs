using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>The health that follows from state and reports.</summary>
internal static class Health
{
    internal static HealthStatus? Of(string? state, ImmutableArray<HealthReportSnapshot> reports)
    {
        if (state != KnownResourceStates.Running)
        {
            return null;
        }

        // A check that has not reported yet may still fail.
        return reports.IsDefaultOrEmpty ? HealthStatus.Healthy : reports.Min(r => r.Status ?? HealthStatus.Unhealthy);
    }
}
