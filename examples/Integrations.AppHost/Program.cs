var builder = DistributedApplication.CreateBuilder(args.WithCommands());

builder.AddKustomize("k8s")
    .AddEnvironment("personal", context: "k3d-monorepo")
    .AddEnvironment("prod", context: "prod");

var currency = builder.AddParameter("currency", "EUR", publishValueAsDefault: true)
    .In("prod", p => p.WithPublishedValue("USD"));
var apiKey = builder.AddParameter("api-key", secret: true);

var cache = builder.AddRedis("cache", password: builder.AddParameter("cache-password", secret: true));
var sessions = builder.AddRedis("sessions");   // with a generated password
var database = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("shop-database");
var queue = builder.AddRabbitMQ("queue");

builder.AddContainer("shop", "docker.io/library/busybox", "1.37")
    .WithArgs("sleep", "infinity")
    .WithReference(cache).WithReference(sessions).WithReference(database).WithReference(queue)
    .WithEnvironment("CURRENCY", currency)
    .WithEnvironment("API_KEY", apiKey)
    .WaitFor(database);

return await builder.Build().RunCommandAsync(args);
