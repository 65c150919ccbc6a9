using Grpc.Core;
using MonoRepo.LoadTesting;
using MonoRepo.RouteGuide.Client.Load;
using MonoRepo.ServiceDefaults.Grpc;
using static Routeguide.RouteGuide;

namespace MonoRepo.RouteGuide.Client;

/// <summary>The three ways to run; all call the server over the same kind of channel.</summary>
internal static class ClientHost
{
    /// <summary>The server's name in the resource graph.</summary>
    public const string Server = "routeguide-server";

    private const string DefaultAddress = "http://localhost:50051";

    public static async Task<int> WalkForeverAsync(string[] addresses, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        AddClient(builder, addresses);
        builder.AddServiceDefaults();
        builder.Services.AddHostedService<RouteGuideWorker>();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.RunAsync(cancellationToken);
        return 0;
    }

    public static async Task<int> WalkOnceAsync(string[] addresses, CancellationToken cancellationToken)
    {
        using var host = BuildPlain(addresses, LogLevel.Information);
        try
        {
            await host.Services.GetRequiredService<RouteWalk>().RunAsync(cancellationToken);
            return 0;
        }
        catch (RpcException exception)
        {
            await Console.Error.WriteLineAsync(Explain(exception));
            return 1;
        }
    }

    public static async Task<int> LoadAsync(
        string[] addresses, LoadOptions<LoadMethod> options, bool json, CancellationToken cancellationToken)
    {
        using var host = BuildPlain(addresses, LogLevel.None);
        var client = host.Services.GetRequiredService<RouteGuideClient>();
        try
        {
            var calls = await LoadCalls.CreateAsync(client, cancellationToken);
            var report = await new LoadRun<LoadMethod>(
                calls.MakeAsync, options, LoadProgress.OnTerminal()).RunAsync(cancellationToken);
            LoadOutput.Write(report, json);
            return report.Methods.Any(method => method.Calls > 0) ? 0 : 1;
        }
        catch (RpcException exception)
        {
            await Console.Error.WriteLineAsync(Explain(exception));
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }

    private static string Explain(RpcException exception) =>
        $"The route guide does not answer: {exception.StatusCode} {exception.Status.Detail}".TrimEnd();

    private static IHost BuildPlain(string[] addresses, LogLevel level)
    {
        var builder =
            Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        AddClient(builder, addresses);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Logging.AddFilter(null, level).AddSimpleConsole(console => console.SingleLine = true);
        return builder.Build();
    }

    private static void AddClient(IHostApplicationBuilder builder, string[] addresses)
    {
        if (addresses.Length == 0 && !builder.Configuration.GetSection($"services:{Server}").Exists())
        {
            addresses = [DefaultAddress];
        }

        builder.Configuration.AddInMemoryCollection(addresses.Select((address, index) =>
            KeyValuePair.Create($"services:{Server}:grpc:{index}", (string?)address)));
        builder.AddGrpcServiceClient<RouteGuideClient>(Server);
        builder.Services.AddSingleton<RouteWalk>();
    }
}
