using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dashboard;
using MonoRepo.Hosting.Run.Dashboard.Wire;

namespace MonoRepo.Tests.Dashboard;

/// <summary>The feed over a real connection, as the dashboard calls it.</summary>
public sealed class ResourceFeedTests : IAsyncLifetime
{
    private readonly IResource _web = new ExecutableResource("web", "node", "/app");
    private DistributedApplication _app = null!;
    private ResourceServiceHost _host = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = [] });
        _app = builder.Build();
        _host = _app.Services.GetRequiredService<ResourceServiceHost>();
        await _host.StartAsync(Token);
        _channel = GrpcChannel.ForAddress(await _host.GetUrlAsync(Token));
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task WithoutTheKeyNoMethodAnswers()
    {
        var client = new DashboardService.DashboardServiceClient(_channel);

        var fault = await Assert.ThrowsAsync<RpcException>(async () => await client.GetApplicationInformationAsync(new(), cancellationToken: Token));
        Assert.Equal(StatusCode.Unauthenticated, fault.StatusCode);

        using var stream = client.WatchResources(new(), new Metadata { { ApiKeyGuard.Header, "wrong" } }, cancellationToken: Token);
        fault = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.Unauthenticated, fault.StatusCode);
    }

    [Fact]
    public async Task ResourcesComeOnceAndThenTheirChanges()
    {
        await PublishAsync("Starting");
        using var call = Client().WatchResources(new(), cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal("Starting", Assert.Single(call.ResponseStream.Current.InitialData.Resources).State);

        await PublishAsync("Running");
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal("Running", Assert.Single(call.ResponseStream.Current.Changes.Value).Upsert.State);
    }

    [Fact]
    public async Task ALogHasItsHistoryAndCanBeReadWithoutWaiting()
    {
        _app.Services.GetRequiredService<ResourceLoggerService>().GetLogger(_web).LogInformation("before");

        using var call = Client().WatchResourceConsoleLogs(new() { ResourceName = "web", SuppressFollow = true }, cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.EndsWith("before", Assert.Single(call.ResponseStream.Current.LogLines).Text, StringComparison.Ordinal);
        Assert.False(await call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task CommandsAreExecutedAndTheirFaultsTold()
    {
        AddCommand("greet", () => CommandResults.Success("Hello", "{}", Aspire.Hosting.ApplicationModel.CommandResultFormat.Json));
        AddCommand("fail", () => throw new InvalidOperationException("broken"));
        await PublishAsync("Running");

        var greeted = await ExecuteAsync("greet");
        Assert.Equal((ResourceCommandResponseKind.Succeeded, "Hello", "{}"), (greeted.Kind, greeted.Message, greeted.Result.Value));
        var failed = await ExecuteAsync("fail");
        Assert.Equal(ResourceCommandResponseKind.Failed, failed.Kind);
        Assert.Contains("broken", failed.Message, StringComparison.Ordinal);
        Assert.Equal(ResourceCommandResponseKind.Failed, (await ExecuteAsync("nothing")).Kind);
    }

    [Fact]
    public async Task StreamsEndWithTheAppHost()
    {
        using var call = Client().WatchInteractions(cancellationToken: Token);
        using var resources = Client().WatchResources(new(), cancellationToken: Token);
        Assert.True(await resources.ResponseStream.MoveNext(Token));

        _app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.False(await resources.ResponseStream.MoveNext(Token));
        Assert.False(await call.ResponseStream.MoveNext(Token));
    }

    private DashboardService.DashboardServiceClient Client()
    {
        var key = _app.Services.GetRequiredService<DashboardOptions>().ResourceServiceApiKey;
        return new(_channel.Intercept(metadata => new Metadata { { ApiKeyGuard.Header, key } }));
    }

    private Task PublishAsync(string state) => _app.ResourceNotifications.PublishUpdateAsync(_web, snapshot => snapshot with { State = state });

    private async Task<ResourceCommandResponse> ExecuteAsync(string command) =>
        await Client().ExecuteResourceCommandAsync(new() { ResourceName = "web", CommandName = command }, cancellationToken: Token);

    private void AddCommand(string name, Func<ExecuteCommandResult> execute) => _web.Annotations.Add(new ResourceCommandAnnotation(
        name, name, _ => Aspire.Hosting.ApplicationModel.ResourceCommandState.Enabled, _ => Task.FromResult(execute()), null, null, null, null, null, false));
}
