using MonoRepo.RouteGuide.Server;
using MonoRepo.RouteGuide.Server.Storage;
using MonoRepo.ServiceDefaults.Grpc;

// The settings lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddGrpcServer(options => options.MaxReceiveMessageSize = Limits.MessageBytes);
builder.AddRouteGuideStores();

var app = builder.Build();

app.MapGrpcService<RouteGuideService>();
app.MapDefaultEndpoints();

app.Run();
