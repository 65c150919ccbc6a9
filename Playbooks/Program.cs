using MonoRepo.Playbooks;

// Settings and runbooks lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.AddPlaybooks();

var app = builder.Build();

app.MapPlaybooks();
app.MapDefaultEndpoints();

app.Run();
