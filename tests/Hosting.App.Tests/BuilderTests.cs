using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class BuilderTests
{
    [Fact]
    public void TheBuilderTellsWhereTheAppHostIs()
    {
        var builder = Create();
        Assert.Equal(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), Path.TrimEndingDirectorySeparator(builder.AppHostDirectory));
        Assert.Equal(builder.AppHostDirectory, builder.Configuration["AppHost:Directory"]);
        Assert.Equal(Path.Combine(builder.AppHostDirectory, "Hosting.App.Tests"), builder.Configuration["AppHost:Path"]);
        Assert.Matches("^[0-9A-F]{64}$", builder.Configuration["AppHost:Sha256"]);
        Assert.Equal(typeof(BuilderTests).Assembly, builder.AppHostAssembly);
    }

    [Theory]
    [InlineData(new string[0], DistributedApplicationOperation.Run, "manifest")]
    [InlineData(new[] { "--operation", "RUN" }, DistributedApplicationOperation.Run, "manifest")]
    [InlineData(new[] { "--operation", "publish" }, DistributedApplicationOperation.Publish, "manifest")]
    [InlineData(new[] { "--publisher", "kubernetes" }, DistributedApplicationOperation.Publish, "kubernetes")]
    [InlineData(new[] { "run" }, DistributedApplicationOperation.Run, "manifest")]
    [InlineData(new[] { "publish" }, DistributedApplicationOperation.Publish, "manifest")]
    public void TheCommandLineSaysWhatIsDone(string[] args, DistributedApplicationOperation operation, string publisher)
    {
        var context = Create(args).ExecutionContext;
        Assert.Equal((operation, publisher), (context.Operation, context.PublisherName));
    }

    [Fact]
    public void AnotherOperationIsBadUsage() => Assert.Equal(
        "Invalid operation specified. Valid operations are 'publish' or 'run'.",
        Assert.Throws<BadUsageException>(() => Create("--operation", "walk")).Message);

    [Fact]
    public void TheEnvironmentComesFromTheCommandLine() =>
        Assert.Equal("Staging", Create("run", "--environment", "Staging").Environment.EnvironmentName);

    [Fact]
    public void KeysAreNewInEveryRunAndOnlyWithTheDashboard()
    {
        var one = DistributedApplication.CreateBuilder([]);
        var two = DistributedApplication.CreateBuilder([]);
        foreach (var key in (string[])["AppHost:BrowserToken", "AppHost:OtlpApiKey", "AppHost:DashboardApiKey", "AppHost:ResourceService:ApiKey"])
        {
            Assert.Matches("^[0-9a-f]{32}$", one.Configuration[key]);
            Assert.NotEqual(one.Configuration[key], two.Configuration[key]);
            Assert.Null(Create().Configuration[key]);
        }

        Assert.Equal("mine", DistributedApplication.CreateBuilder(["--AppHost:BrowserToken=mine"]).Configuration["AppHost:BrowserToken"]);
    }

    [Fact]
    public async Task ServicesOfTheModelAreThere()
    {
        var builder = Create();
        builder.AddParameter("p");
        await using var application = builder.Build();
        Assert.Same(builder.Resources, application.Services.GetRequiredService<DistributedApplicationModel>().Resources);
        Assert.Same(application.Services, builder.ExecutionContext.ServiceProvider);
        Assert.NotNull(application.ResourceCommands);
        Assert.Same(application.ResourceNotifications, application.Services.GetRequiredService<ResourceNotificationService>());
    }

    [Theory]
    [InlineData(true, WaitBehavior.StopOnResourceUnavailable)]
    [InlineData(false, WaitBehavior.WaitOnResourceUnavailable)]
    public async Task WithADashboardSomebodyMayMendWhatFailed(bool disabled, WaitBehavior behavior)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = disabled });
        await using var application = builder.Build();
        Assert.Equal(behavior, application.Services.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>().Value.DefaultWaitBehavior);
    }

    [Fact]
    public void ServicesAreNotThereBeforeBuild() => Assert.Throws<InvalidOperationException>(() => Create().ExecutionContext.ServiceProvider);

    [Fact]
    public void ResourcesAreFoundByName()
    {
        var builder = Create();
        var p = builder.AddParameter("p");
        Assert.Same(p.Resource, builder.CreateResourceBuilder<ParameterResource>("P").Resource);
        Assert.False(builder.TryCreateResourceBuilder<ExecutableResource>("p", out _));
        Assert.Equal("Resource 'q' was not found.", Assert.Throws<InvalidOperationException>(() => builder.CreateResourceBuilder<ParameterResource>("q")).Message);
        Assert.Equal(p, builder.CreateResourceBuilder(p.Resource));
    }

    [Fact]
    public void AReplacedAnnotationIsTheOnlyOneOfItsType()
    {
        var p = Create().AddParameter("p").WithAnnotation(new ReplicaAnnotation(1)).WithAnnotation(new ReplicaAnnotation(2))
            .WithAnnotation(new ReplicaAnnotation(3), ResourceAnnotationMutationBehavior.Replace);
        Assert.Equal([3], p.Resource.Annotations.OfType<ReplicaAnnotation>().Select(r => r.Replicas));
    }

    private static IDistributedApplicationBuilder Create(params string[] args) => DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions { Args = args, DisableDashboard = true, ProjectDirectory = AppContext.BaseDirectory });
}
