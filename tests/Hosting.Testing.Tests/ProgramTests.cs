using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Tests;

/// <summary>What happens to an AppHost's Program.cs before anything is started.</summary>
public sealed class ProgramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheBuilderHasTheProgramsGraph()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(Token);

        Assert.Equal(["greeting", "store", "server"], builder.Resources.Select(resource => resource.Name));
        Assert.Equal("SmallAppHost", builder.AppHostAssembly?.GetName().Name);
        Assert.Equal(Repository.PathOf("tests", "SmallAppHost"), builder.AppHostDirectory);
    }

    [Fact]
    public async Task TheDashboardIsOffAndPortsAreRandom()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(Token);
        await using var app = await builder.BuildAsync(Token);

        Assert.True(app.Services.GetRequiredService<DistributedApplicationOptions>().DisableDashboard);
        Assert.Equal("true", builder.Configuration["DcpPublisher:RandomizePorts"]);
    }

    [Fact]
    public async Task TheAppHostsLaunchProfileApplies()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(Token);

        Assert.True(builder.Environment.IsDevelopment());
        Assert.Equal("profile", builder.Configuration["Test:FromProfile"]);
    }

    [Fact]
    public async Task ATestMayChangeOptionsSettingsAndGraph()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(
            ["--Test:ParameterName=salutation"], (options, _) => options.DashboardApplicationName = "mine", Token);
        builder.AddParameter("added", "value");

        Assert.Equal("mine", builder.Configuration["AppHost:DashboardApplicationName"]);
        await using var app = await builder.BuildAsync(Token);
        Assert.Equal(["salutation", "store", "server", "added"], app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Select(r => r.Name));
    }

    [Fact]
    public async Task TheProgramHasComeToRunWhenTheApplicationIsBuilt()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(Token);
        Assert.Null(builder.Configuration["Test:IsPrepared"]);

        await using var app = await builder.BuildAsync(Token);

        Assert.Equal("true", builder.Configuration["Test:IsPrepared"]);
    }

    [Fact]
    public async Task TheProgramsFaultIsTheTests()
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(["--Test:ParameterName=not allowed"], Token));

        Assert.Contains("not allowed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAnEntryPointThereIsNothingToRun()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => DistributedApplicationTestingBuilder.CreateAsync(typeof(Repository), Token));

        Assert.Contains("MonoRepo.Tests.Shared", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingCanBeCalledBeforeTheStart()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(Token);
        await using var app = await builder.BuildAsync(Token);

        Assert.Throws<InvalidOperationException>(() => app.GetEndpoint("server"));
    }
}
