using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Tests;

/// <summary>Tests that look at the running stack without changing it for one another.</summary>
[CollectionDefinition]
public sealed class RunningStackCollection : ICollectionFixture<RunningStack>;

/// <summary>The AppHost's graph, running with the dashboard on random ports.</summary>
public sealed class RunningStack : IAsyncLifetime
{
    /// <summary>Long enough for all parts to start on a small, busy machine.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private IDistributedApplicationTestingBuilder? _builder;

    /// <summary>Where the README's picture goes: MONOREPO_SCREENSHOT; null when none is to be made.</summary>
    public static string? ScreenshotPath { get; } =
        Environment.GetEnvironmentVariable("MONOREPO_SCREENSHOT") is { Length: > 0 } path
        ? Path.GetFullPath(path, Repository.Root)
        : null;

    /// <summary>Whether an Alertmanager runs with it.</summary>
    public static bool IsMonitored { get; } = ScreenshotPath is null && Tools.Exists("prometheus-alertmanager");

    /// <summary>The running application.</summary>
    public DistributedApplication App { get; private set; } = null!;

    /// <summary>The dashboard's link with the token.</summary>
    public Uri LoginUrl { get; private set; } = null!;

    /// <summary>The dashboard's HTTP API for telemetry.</summary>
    public TelemetryApi Telemetry { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(StartTimeout);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            new DistributedApplicationTestingBuilderOptions { EnableDashboard = true },
            [$"--monitoring={(IsMonitored ? "native" : "off")}"],
            deadline.Token);
        // Tests have nobody to ask, unless they say so.
        _builder.Configuration["ASPIRE_INTERACTIVITY_ENABLED"] = "true";
        _builder.Services.AddLogging(
            logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("AppHost.Resources", LogLevel.None));
        App = await _builder.BuildAsync(deadline.Token);
        await App.StartAsync(deadline.Token);
        LoginUrl = await App.GetDashboardUrlAsync(deadline.Token);
        Telemetry = new(LoginUrl, App.Services.GetRequiredService<IConfiguration>()["AppHost:DashboardApiKey"]!);
        await App.ResourceNotifications.WaitForResourceHealthyAsync("routeguide-client", deadline.Token);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }
    }
}
