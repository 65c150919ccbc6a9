using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

/// <summary>Graphs for tests: nothing of them is ever started.</summary>
internal static class Graph
{
    internal static IDistributedApplicationBuilder Create(params string[] args) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            DisableDashboard = true,
            ProjectDirectory = AppContext.BaseDirectory,
        });

    /// <summary>The environment of a resource as it would run on this machine.</summary>
    internal static async Task<Dictionary<string, string>> EnvironmentOf(IResourceBuilder<IResource> builder)
    {
        var result = await Build(builder);
        return result.Exception is { } fault ? throw fault : result.EnvironmentVariables.ToDictionary();
    }

    /// <summary>The arguments of a resource as it would run on this machine.</summary>
    internal static async Task<string[]> ArgumentsOf(IResourceBuilder<IResource> builder) =>
        [.. (await Build(builder)).Arguments.Select(a => a.Value)];

    internal static Task<IExecutionConfigurationResult> Build(IResourceBuilder<IResource> builder) =>
        ExecutionConfigurationBuilder.Create(builder.Resource)
            .WithProjectLaunchConfig().WithArgumentsConfig().WithEnvironmentVariablesConfig()
            .BuildAsync(builder.ApplicationBuilder.ExecutionContext, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Gives every endpoint of a resource an address on the loopback: ports count from the given one.</summary>
    internal static void Allocate(IResourceBuilder<IResource> builder, int port)
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port, $"<port of {endpoint.Name}>");
            port++;
        }
    }
}
