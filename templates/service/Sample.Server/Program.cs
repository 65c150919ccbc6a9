using MonoRepo.Sample.Server;
using MonoRepo.ServiceDefaults.Grpc;

// The settings lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddGrpcServer();

var app = builder.Build();

app.MapGrpcService<SampleGrpcService>();
app.MapDefaultEndpoints();

app.Run();
