using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Publish.Benchmarks;

/// <summary>A graph of services like those of a real one: gRPC, two callees each, settings that differ by environment.</summary>
internal static class GeneratedGraph
{
    public static readonly string[] Environments = ["personal", "dev", "staging", "prod"];

    public static PublishedModel Create(int services)
    {
        var builder = DistributedApplication.CreateBuilder(["--operation=publish"]);
        var kustomize = builder.AddKustomize();
        foreach (var environment in Environments)
        {
            kustomize.AddEnvironment(
                environment, context: environment, registry: environment == "personal" ? null : "registry.example.org/shop");
        }

        var added = new List<IResourceBuilder<ProjectResource>>(services);
        for (var i = 0; i < services; i++)
        {
            var service = builder.AddResource(new ProjectResource(Name(i)))
                .WithEndpoint("grpc", e => (e.UriScheme, e.Transport) = ("http", "http2"))
                .WithEnvironment("Cache__Size", i.ToString(CultureInfo.InvariantCulture))
                .WithEnvironment("Logging__LogLevel__Default", "Information")
                .WithReplicas(2)
                .In("dev", s => s.WithEnvironment("Logging__LogLevel__Default", "Debug"))
                .In("prod", s =>
                    s.WithAutoscaling(2, 10).WithResources(cpuRequest: "500m", memoryRequest: "256Mi", memoryLimit: "1Gi"));
            foreach (var callee in Callees(i))
            {
                service.WithReference(added[callee]);
            }

            added.Add(service);
        }

        return new(new DistributedApplicationModel(builder.Resources), builder.ExecutionContext, "shop");
    }

    public static string Name(int i) => $"service-{i:d5}";

    public static IEnumerable<int> Callees(int i) => new[] { i - 1, i / 2 }.Where(c => c >= 0 && c < i).Distinct();
}
