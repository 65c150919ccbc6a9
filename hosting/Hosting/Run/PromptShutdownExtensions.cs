using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting;

/// <summary>Ending with everything ended.</summary>
internal static class PromptShutdownExtensions
{
    private const string WaitForCleanup = "DcpPublisher:WaitForResourceCleanup";
    private const string ExportTimeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    /// <summary>
    /// Lets the command return when all processes have ended, and lets none of them wait for the dashboard. Aspire leaves them to
    /// DCP, which ends them up to seconds later, and lets projects repeat their last export for ten seconds to a dashboard that
    /// has ended.
    /// </summary>
    public static IDistributedApplicationBuilder AddPromptShutdown(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        if (builder.Configuration[WaitForCleanup] is null)
        {
            builder.Configuration.AddInMemoryCollection([new(WaitForCleanup, "true")]);
        }

        // In milliseconds: enough on loopback, and a start before the dashboard's is still repeated.
        return builder.PrepareProjects((project, _) =>
            project.Annotations.Add(
                new EnvironmentCallbackAnnotation(context => context.EnvironmentVariables.TryAdd(ExportTimeout, "1000"))));
    }
}
