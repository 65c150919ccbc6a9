using MonoRepo.Hosting;

var builder = DistributedApplication.CreateBuilder(args.WithCommands())
    .AddRunDefaults();

builder.AddKustomize("k8s");

builder.AddProject<Projects.RouteGuide_Server>("server")
    .WithHttpHealthCheck("/health", endpointName: "management")
    .WithEnvironment("Store", "memory");

return await builder.Build().RunCommandAsync(args);
