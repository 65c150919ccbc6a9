using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>What commands that publish start from.</summary>
internal static class PublishedGraph
{
    private const string DefaultApplication = "monorepo";

    public static PublishedModel Model(CommandContext context) => new(
        context.Services.GetRequiredService<DistributedApplicationModel>(),
        context.Services.GetRequiredService<DistributedApplicationExecutionContext>(),
        Application(context.Services.GetRequiredService<IHostEnvironment>().ApplicationName));

    /// <summary>The folder beside the AppHost's that is published to, such as <c>k8s</c>.</summary>
    public static string Root(CommandContext context)
    {
        var resource =
            context.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<KustomizeEnvironmentResource>()
            .First();
        return Path.GetFullPath(Path.Combine(AppHost(context), "..", resource.Name));
    }

    /// <summary>The folder of the AppHost's project.</summary>
    public static string AppHost(CommandContext context) =>
        context.Services.GetRequiredService<IConfiguration>()["AppHost:Directory"] ?? Directory.GetCurrentDirectory();

    // Shop.AppHost is the application "shop"; a plain AppHost has no name of its own.
    private static string Application(string name)
    {
        var own = name.ToLowerInvariant().Replace(".apphost", "", StringComparison.Ordinal).Replace('.', '-');
        return own is "apphost" or "" ? DefaultApplication : own;
    }
}
