var builder = DistributedApplication.CreateBuilder(args.WithCommands())
    .AddRunDefaults();

builder.AddKustomize("k8s")
    .AddEnvironment("personal", context: "k3d-monorepo", registry: "localhost:5000")   // namespace: the user's own
    .AddEnvironment("dev", context: "k3d-monorepo", registry: "localhost:5000")
    .AddEnvironment("staging", context: "staging")
    .AddEnvironment("prod", context: "prod");

builder.AddTelemetryDashboard("telemetry").OnlyIn(["personal", "dev"]);   // traces, logs and metrics of the services there

var redis = builder.AddRedisCluster("redis", shards: 3, replicasPerShard: 1)
    .WithDataVolume()
    .WithMetrics<Projects.Redis_Exporter>()
    .In("prod", r => r.WithStorage("20Gi").WithSpread(required: true));

var server = builder.AddProject<Projects.RouteGuide_Server>("routeguide-server")
    .WithHttpHealthCheck("/health", endpointName: "management")
    .WithReference(redis).WaitFor(redis)
    .WithReplicas(2)
    .WithAutoscaling(min: 1, max: 5, targetCpu: 80)
    .WithServiceLevel(availability: 0.999, latency: (0.99, TimeSpan.FromMilliseconds(50)))
    .In("prod", s => s.WithAutoscaling(min: 2, max: 10, targetCpu: 60));

builder.AddProject<Projects.RouteGuide_Client>("routeguide-client")
    .WithHttpHealthCheck("/health").WithMetricsEndpoint()
    .WithReference(server.GetEndpoint("grpc")).WaitFor(server);

builder.AddProject<Projects.Todo_Server>("todo-server")
    .WithHttpHealthCheck("/health", endpointName: "management")
    .WithReference(redis).WaitFor(redis)
    .WithResources(cpuRequest: "200m", memoryRequest: "200Mi", cpuLimit: "300m", memoryLimit: "300Mi")
    .WithGrpcProbe(PodProbe.Readiness, timing: new(Period: 3))
    .WithPodLabel("version", "v1").WithPodLabel("config-version", "v1")
    .WithAutoscaling(min: 1, max: 5, targetCpu: 80)
    .WithServiceLevel(availability: 0.999, latency: (0.99, TimeSpan.FromMilliseconds(100)))
    .WithQuota("user", perSecond: 100, burst: 200, scope: QuotaScope.Shared)
    .In("dev", s => s.WithServiceAccountAnnotation("iam.amazonaws.com/role", "dev-service"))
    .In("prod", s =>
        s.WithServiceAccountAnnotation("iam.amazonaws.com/role", "prod-service").WithAutoscaling(min: 2, max: 10, targetCpu: 60));

builder.AddMonitoring()
    .WithNotifier<Projects.Notifier>(redis)                       // who is told: docs/notifications.md
    .WithPlaybooks<Projects.Playbooks>()                          // what to look at and to do: docs/playbooks.md
    .In("prod", m => m.WithStorage("50Gi"));

return await builder.Build().RunCommandAsync(args);
