using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>Seeing at once that a resource is healthy.</summary>
internal static class PromptHealthChecksExtensions
{
    /// <summary>
    /// Lets health checks of resources wait a while for the resource to become healthy. The intervals between two checks are
    /// Aspire's (1, 2, 3, 4, 5 s until it is, 30 s then), and each start would wait for the end of one.
    /// </summary>
    public static IDistributedApplicationBuilder AddPromptHealthChecks(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.AddOptions<HealthCheckServiceOptions>()
                .PostConfigure<DistributedApplicationModel, TimeProvider>((options, model, clock) =>
            {
                var keys = model.Resources.SelectMany(r => r.Annotations.OfType<HealthCheckAnnotation>()).Select(a => a.Key)
                    .ToHashSet();
                foreach (var registration in options.Registrations.Where(r => keys.Contains(r.Name)))
                {
                    var factory = registration.Factory;
                    var memory = new PromptHealthCheck.Memory();
                    registration.Factory = services => new PromptHealthCheck(factory(services), memory, clock);
                }
            });
        }

        return builder;
    }
}
