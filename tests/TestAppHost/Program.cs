using Aspire.Hosting;

var builder = DistributedApplication.CreateBuilder(args);
builder.AddCommandLineSwitch("--redis", "Redis:Server", "Which Redis server runs.", "garnet", "container");
builder.AddCommandLineSwitch("--reset", "Redis:Reset", "Forgets the data of the last run.");

var one = builder.AddExecutable("one", "true", ".").WithHttpEndpoint(port: 5000);
switch (builder.Configuration["Test:Fault"])
{
    case "graph":
        var two = builder.AddExecutable("two", "true", ".").WithHttpEndpoint(port: 5000).WaitFor(one);
        one.WaitFor(two);
        break;
    case "name":
        builder.AddExecutable("two--three", "true", ".");
        break;
    case "twice":
        builder.AddExecutable("ONE", "true", ".");
        break;
    case "start":
        builder.OnBeforeStart((_, _) => throw new DistributedApplicationException("It cannot start. Try tomorrow."));
        break;
    case "bug":
        throw new InvalidOperationException("a bug");
}

builder.Build().Run();
