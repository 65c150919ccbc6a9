using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(MonoRepo.Tests.DashboardFixture))]

namespace MonoRepo.Tests;

/// <summary>The AppHost's graph, running, with the real dashboard, one browser that is logged in, and a few resources for the tests.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    /// <summary>The value of the parameter <c>password</c>, which nobody may read in passing.</summary>
    public const string Secret = "hunter2-is-a-secret";

    /// <summary>Real parts on a small machine: long enough for all of them to start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private IDistributedApplicationTestingBuilder? _builder;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _session;

    /// <summary>Where the README's picture goes: MONOREPO_SCREENSHOT; null when none is to be made.</summary>
    public static string? ScreenshotPath { get; } =
        Environment.GetEnvironmentVariable("MONOREPO_SCREENSHOT") is { Length: > 0 } path ? Path.GetFullPath(path, Repository.Root) : null;

    /// <summary>The running application.</summary>
    public DistributedApplication App { get; private set; } = null!;

    /// <summary>The link with the token.</summary>
    public Uri LoginUrl { get; private set; } = null!;

    /// <summary>What the dashboard answers to programs.</summary>
    public TelemetryApi Telemetry { get; private set; } = null!;

    /// <summary>Why there is nothing to test with, or null.</summary>
    public string? Missing => Chromium.Path is null ? "No chromium in PATH: apt-get install chromium." : null;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var browser = StartBrowserAsync();
        App = await StartApplicationAsync(deadline.Token);
        LoginUrl = await App.GetDashboardUrlAsync(deadline.Token);
        Telemetry = new(LoginUrl, ((IConfiguration)App.Services.GetService(typeof(IConfiguration))!)["AppHost:DashboardApiKey"]!);
        await Telemetry.WaitUntilUpAsync(deadline.Token);
        _session = await NewSessionAsync(await browser);
        var page = await _session.NewPageAsync();
        await page.GotoAsync(LoginUrl.ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Graph" })).ToBeVisibleAsync();
        await page.CloseAsync();
        await App.ResourceNotifications.WaitForResourceHealthyAsync("routeguide-client", deadline.Token);
    }

    /// <summary>A page of the dashboard in the session that is logged in.</summary>
    /// <param name="path">Path and query.</param>
    public async Task<IPage> OpenAsync(string path)
    {
        var page = await _session!.NewPageAsync();
        await page.GotoAsync(new Uri(LoginUrl, path).ToString());
        return page;
    }

    /// <summary>A page of somebody whom the dashboard does not know.</summary>
    /// <param name="path">Path and query.</param>
    public async Task<IPage> OpenAsStrangerAsync(string path)
    {
        var page = await (await NewSessionAsync(_browser!)).NewPageAsync();
        await page.GotoAsync(new Uri(LoginUrl, path).ToString());
        return page;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }
    }

    private static Task<IBrowserContext> NewSessionAsync(IBrowser browser) =>
        browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, Locale = "en-US" });

    private async Task<IBrowser> StartBrowserAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds / 5);
        _playwright = await Playwright.CreateAsync();
        return _browser = await Chromium.StartAsync(_playwright);
    }

    private async Task<DistributedApplication> StartApplicationAsync(CancellationToken cancellationToken)
    {
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--monitoring", "off"], static (options, _) => options.DisableDashboard = false, cancellationToken);
        if (ScreenshotPath is null)
        {
            AddResourcesForTests(_builder);
        }

        var app = await _builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static void AddResourcesForTests(IDistributedApplicationBuilder builder)
    {
        var password = builder.AddParameter("password", Secret, secret: true);
        builder.AddExecutable("crasher", "sh", ".", "-c", "echo going down; exit 3").WithArgs(password).WithEnvironment("PASSWORD", password);
        builder.AddExecutable("patient", "sleep", ".", "3600").WithExplicitStart();
        builder.AddExecutable("ticker", "sh", ".", "-c", "echo first line; echo to stderr >&2; exec sleep 3600")
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Success("Hello from the AppHost")), new CommandOptions { ConfirmationMessage = "Greet now?" });
    }
}
