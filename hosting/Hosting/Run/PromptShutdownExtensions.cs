using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Ending with everything ended.</summary>
public static class PromptShutdownExtensions
{
    /// <summary>Lets the command return when all processes have ended. Aspire leaves them to DCP, which ends them up to seconds later.</summary>
    public static IDistributedApplicationBuilder AddPromptShutdown(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        const string key = "DcpPublisher:WaitForResourceCleanup";
        if (builder.ExecutionContext.IsRunMode && builder.Configuration[key] is null)
        {
            builder.Configuration.AddInMemoryCollection([new(key, "true")]);
        }

        return builder;
    }
}
