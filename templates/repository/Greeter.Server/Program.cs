using MonoRepo.ServiceDefaults.Grpc;
using Sample.Greeter.Server;

// The settings lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddGrpcServer();

var app = builder.Build();

app.MapGrpcService<GreeterGrpcService>();
app.MapDefaultEndpoints();

app.Run();
