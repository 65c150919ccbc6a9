using MonoRepo.Notifier;
using MonoRepo.Notifier.Sending;

// The settings lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddRedisClient("redis");
builder.AddNotifications();

var app = builder.Build();

app.MapNotifications();
app.MapDefaultEndpoints();

app.Run();
