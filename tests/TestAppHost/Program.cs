using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting;
using MonoRepo.Tests;

var builder = DistributedApplication.CreateBuilder(args.WithCommands())
    .AddRunDefaults();
builder.AddCommandLineSwitch("--redis", "Redis:Server", "Which Redis server runs.", "garnet", "container");
builder.AddCommandLineSwitch("--reset", "Redis:Reset", "Forgets the data of the last run.");
builder.Services.AddSingleton(new OptionalTool("no-such-tool", ["--version"], "tests"));

foreach (var graph in (builder.Configuration["Test:Graph"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
{
    switch (graph)
    {
        case "bug":
            throw new InvalidOperationException("a bug");
        case "name":
            builder.AddExecutable(string.Join("--", "two", "three"), "true", ".");
            break;
        case "twice":
            builder.AddExecutable("one", "true", ".");
            builder.AddExecutable("ONE", "true", ".");
            break;
        case "start":
            builder.OnBeforeStart((_, _) => throw new DistributedApplicationException("It cannot start. Try tomorrow."));
            break;
        case "service":
            builder.Services.AddHostedService<FailingService>();
            break;
        case "job":
            builder.AddExecutable("job", "true", ".");
            break;
        case "idle":
            builder.AddExecutable("idle", "sleep", ".", "3600").WithHttpEndpoint();
            break;
        case "crash":
            builder.AddExecutable("crash", "sh", ".", "-c", "echo first; echo last words >&2; exit 3");
            break;
        case "missing":
            builder.AddExecutable("missing", "/no/such/program", ".");
            break;
        case "flaky":
            builder.AddExecutable("flaky", "sh", ".", "-c", "echo going down; exit 3")
                .WithRestartPolicy(maxRestarts: 2, initialDelay: TimeSpan.FromMilliseconds(10));
            break;
        case "port":
            builder.AddExecutable("web", "sleep", ".", "3600")
                .WithHttpEndpoint(
                    port: builder.Configuration.GetValue<int>("Test:Port"),
                    targetPort: builder.Configuration.GetValue<int>("Test:TargetPort"));
            break;
        case "stuck":
            var stuck = builder.AddExecutable("stuck", "sleep", ".", "3600").WithHttpEndpoint()
                // A code that no program answers which is given the unused port meanwhile.
                .WithHttpHealthCheck("/health", statusCode: 418);
            builder.AddExecutable("waiting", "true", ".").WaitFor(stuck);
            break;
        case "deferred":
            builder.AddExecutable("deferred", "sh", ".", "-c", "echo after the others; exec sleep 3600").WithDeferredStart();
            break;
        case "schedule":
            // It is almost the next minute.
            builder.Services.AddSingleton<TimeProvider>(new ShiftedClock(TimeSpan.FromSeconds(50 - DateTime.UtcNow.Second)));
            builder.AddScheduledTask<Projects.ScheduledService>("greeting", "* * * * *").WithEnvironment("Greeting", "hello");
            builder.AddScheduledTask<Projects.ScheduledService>("no-such-task", "* * * * *");
            builder.AddExecutable("never", "true", ".").PublishAsCronJob("every day").WithExplicitStart();
            break;
        case "replicas":
            var server = builder.AddProject<Projects.RouteGuide_Server>("server")
                .WithEnvironment("Store", "memory")
                .WithHttpHealthCheck("/health", endpointName: "management")
                .WithEndpoint("grpc", endpoint => endpoint.IsExternal = true)
                .WithReplicas(2);
            builder.AddExecutable("caller", "sh", ".", "-c", "env | grep ^services__ | sort; exec sleep 3600")
                .WithReference(server.GetEndpoint("grpc")).WaitFor(server);
            break;
        case "access":
            var stranger = builder.AddExecutable("stranger", "sleep", ".", "3600");
            builder.AddProject<Projects.RouteGuide_Server>("one").WithEnvironment(
                "Store", "memory").WithAccess(stranger, "routeguide.RouteGuide/Get*");
            builder.AddProject<Projects.RouteGuide_Server>("two").WithEnvironment(
                "Store", "memory").WithAccess(stranger, "not a method");
            break;
        default:
            throw new DistributedApplicationException($"There is no graph '{graph}'.");
    }
}

return await builder.Build().RunCommandAsync(args);
