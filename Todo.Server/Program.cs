using MonoRepo.ServiceDefaults.Grpc;
using MonoRepo.Todo.Server;
using MonoRepo.Todo.Server.Storage;

// The settings lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddGrpcServer();
builder.AddRedisClient("redis");
builder.Services.AddSingleton<ListGate>();
builder.Services.AddSingleton<ItemStore>();
builder.Services.AddSingleton<PolicyStore>();
builder.Services.AddSingleton<ListAccess>();
builder.Services.AddSingleton<ChangeSignals>();
builder.Services.AddSingleton<ChangeLog>();

var app = builder.Build();

app.MapGrpcService<TodoGrpcService>();
app.MapDefaultEndpoints();

app.Run();
