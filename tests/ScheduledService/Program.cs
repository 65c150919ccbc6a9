using MonoRepo.ServiceDefaults.Tasks;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
builder.Services.AddHostedService<MonoRepo.Tests.Worker>();

var app = builder.Build();

app.MapDefaultEndpoints();

return await app.RunTaskOrServeAsync();

namespace MonoRepo.Tests
{
    internal static class Tasks
    {
        [ScheduledTask("greeting")]
        private static async Task GreetAsync(
            IConfiguration configuration, TimeProvider clock, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.Zero, clock, cancellationToken);
            Console.WriteLine($"greeting: {configuration["Greeting"]}");
        }

        [ScheduledTask("endless")]
        private static Task WaitAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("endless: waits");
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        [ScheduledTask("failing")]
        private static Task FailAsync() => throw new InvalidOperationException("out of milk");

        [ScheduledTask("wrong")]
        private static void Return()
        {
        }
    }

    /// <summary>What a service does beside its calls, and a task must not.</summary>
    internal sealed class Worker : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Console.WriteLine("worker: works");
            return Task.CompletedTask;
        }
    }
}
