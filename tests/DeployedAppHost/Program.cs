using MonoRepo.Hosting;

var builder = DistributedApplication.CreateBuilder(args.WithCommands());
builder.AddKustomize("k8s")
    .AddEnvironment("personal", context: "k3d-monorepo");

foreach (var name in builder.Configuration["Test:Services"]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? ["one", "two"])
{
    var service = builder.AddProject<Projects.RouteGuide_Server>(name)
        .WithEndpoint("grpc", e => e.Port = null)
        .WithEndpoint("management", e => e.Port = null)
        .WithHttpHealthCheck("/health", endpointName: "management")
        .WithEnvironment("Store", "memory")
        .WithResources(cpuRequest: "10m", memoryRequest: "64Mi");
    if (builder.Configuration[$"Test:Setting:{name}"] is { } setting)
    {
        service.WithEnvironment("Test__Setting", setting);
    }

    if (builder.Configuration[$"Test:Autoscaling:{name}"] is not null)
    {
        service.WithAutoscaling(min: 1, max: 5, targetCpu: 80);
    }

    if (builder.Configuration[$"Test:Replicas:{name}"] is { } replicas)
    {
        service.WithReplicas(int.Parse(replicas, System.Globalization.CultureInfo.InvariantCulture));
    }
}

if (builder.Configuration["Test:Project"] is { } project)
{
    var changing = builder.AddProject("changing", project).WithResources(cpuRequest: "10m", memoryRequest: "32Mi");
    if (builder.Configuration["Test:Endpoint"] is not null)
    {
        changing.WithHttpEndpoint();
    }
}

if (builder.Configuration["Test:Image"] is { } image)
{
    builder.AddContainer("broken", image, "1").WithResources(cpuRequest: "10m", memoryRequest: "32Mi");
}

return await builder.Build().RunCommandAsync(args);
