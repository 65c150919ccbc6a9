using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Saying why nothing happens.</summary>
internal static class WaitReasonsExtensions
{
    /// <summary>
    /// Says on the console what a resource still waits for: after 10 s, and after three times as long each time then.
    /// </summary>
    public static IDistributedApplicationBuilder AddWaitReasons(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddRunTask<WaitReasons>();
    }
}
