/// <summary>In the global namespace, so that the AppHost's program calls it in place of the one in Aspire.Hosting.</summary>
internal static class NoRunDefaults
{
    /// <summary>Adds nothing.</summary>
    public static IDistributedApplicationBuilder AddRunDefaults(this IDistributedApplicationBuilder builder) => builder;
}
