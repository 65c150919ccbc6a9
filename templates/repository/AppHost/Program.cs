var builder = DistributedApplication.CreateBuilder(args.WithCommands())
    .AddRunDefaults();

builder.AddKustomize("k8s")
    .AddEnvironment("personal", context: "k3d-lower-name", registry: "localhost:5000")   // namespace: the user's own
    .AddEnvironment("dev", context: "k3d-lower-name", registry: "localhost:5000")
    .AddEnvironment("prod", context: "prod");

builder.AddProject<Projects.Greeter_Server>("greeter-server")
    .WithHttpHealthCheck("/health", endpointName: "management")
    .WithReplicas(2)
    .WithServiceLevel(availability: 0.999, latency: (0.99, TimeSpan.FromMilliseconds(50)))
    .In("prod", s => s.WithAutoscaling(min: 2, max: 10, targetCpu: 60));

builder.AddMonitoring();

return await builder.Build().RunCommandAsync(args);
