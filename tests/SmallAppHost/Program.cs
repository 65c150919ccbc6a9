var builder = DistributedApplication.CreateBuilder(args);

// A test passes a name that is not allowed, to see how Program.cs fails.
builder.AddParameter(builder.Configuration["Test:ParameterName"] ?? "greeting", "hello");
builder.AddConnectionString("store", ReferenceExpression.Create($"memory"));

builder.AddProject<Projects.RouteGuide_Server>("server")
    .WithEnvironment("Store", "memory");

var app = builder.Build();

builder.Configuration["Test:IsPrepared"] = "true";

app.Run();
