using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MonoRepo.Tests;

/// <summary>What a person sees and does in the dashboard of this AppHost.</summary>
[Collection<RunningStackCollection>]
public sealed partial class DashboardTests(RunningStack stack, DashboardSession dashboard)
    : IClassFixture<DashboardSession>, IAsyncLifetime
{
    /// <summary>The name of whoever made the picture is no part of it.</summary>
    private const string HideHome = """
        home => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(home, '~');
        }
        """;

    private readonly List<IPage> _pages = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        DashboardSession.SkipUnlessInstalled();
        var isScreenshot = TestContext.Current.TestMethod?.MethodName == nameof(Screenshot_ForReadme_ShowsHealthyGraph);
        Assert.SkipWhen(
            isScreenshot && RunningStack.ScreenshotPath is null, "Set MONOREPO_SCREENSHOT to the file that is to be written.");
        Assert.SkipWhen(
            !isScreenshot && RunningStack.ScreenshotPath is not null, "MONOREPO_SCREENSHOT is set: only the picture is made.");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in _pages)
        {
            if (TestContext.Current.TestState?.Result is TestResult.Failed)
            {
                var folder = Directory.CreateDirectory(Repository.PathOf("artifacts", "dashboard")).FullName;
                await page.ScreenshotAsync(
                    new() { Path = Path.Combine(folder, $"{TestContext.Current.TestMethod?.MethodName}.png") });
            }

            await page.CloseAsync();
        }
    }

    [Fact]
    public async Task Login_OnlyWithToken_Succeeds()
    {
        var page = Own(await dashboard.OpenWithoutLoginAsync("/"));
        await Expect(page).ToHaveURLAsync(LoginPage());

        await page.GotoAsync(new Uri(stack.LoginUrl, "/login?t=wrong").ToString());
        await Expect(page.Locator("#token-text-field")).ToBeVisibleAsync();

        await page.GotoAsync(stack.LoginUrl.ToString());
        await Expect(Row(page, "ticker")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ResourceGrid_ShowsEveryResourceWithItsState()
    {
        var page = await OpenAsync("/");

        await Expect(Row(page, "ticker")).ToContainTextAsync("Running");
        await Expect(Row(page, "crasher")).ToContainTextAsync(ExitedOrFinished());
        await Expect(Row(page, "patient")).ToContainTextAsync("Not started");
        await Expect(Row(page, "routeguide-server-")).ToHaveCountAsync(2);
        await Expect(Row(page, "routeguide-client")).ToContainTextAsync("Running");
        // The dashboard itself is part of the graph, but nothing to look at.
        await Expect(Row(page, "aspire-dashboard")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task ResourceGrid_SecretArgument_IsMasked()
    {
        var page = await OpenAsync("/");

        await Expect(Row(page, "crasher")).ToContainTextAsync("going down");
        Assert.DoesNotContain(RunningStack.Secret, await page.InnerTextAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResourceGrid_Endpoint_IsLink()
    {
        var page = await OpenAsync("/");

        await Expect(Row(page, "routeguide-server-").First.GetByRole(AriaRole.Link).First).ToHaveAttributeAsync(
            "href", HttpUrl());
    }

    [Fact]
    public async Task ConsoleLogs_EveryReplica_HasItsOwn()
    {
        var (_, replicas) = await ReplicasAsync();
        foreach (var replica in replicas)
        {
            var page = await OpenAsync($"/consolelogs/resource/{replica}");
            await Expect(page.GetByText("Now listening on").First).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task ConsoleLogs_HaveHistoryAndBothStreams()
    {
        var page = await OpenAsync($"/consolelogs/resource/{await InstanceAsync("ticker")}");

        // The log goes on when another test restarts the process, so a line may be there more than once.
        await Expect(page.Locator(".log-content", new() { HasText = "first line" }).First).ToBeVisibleAsync();
        await Expect(page.Locator(".log-content", new() { HasText = "to stderr" }).First).ToContainTextAsync("stderr");
    }

    [Fact]
    public async Task GraphView_DrawsRelationships()
    {
        var page = await OpenAsync("/?view=Graph");

        await Expect(page.Locator("svg.resource-graph").GetByText("ticker").First).ToBeVisibleAsync();
        await Expect(page.Locator("svg.resource-graph").GetByText("routeguide-client").First).ToBeVisibleAsync();
        await Expect(page.Locator("svg.resource-graph line, svg.resource-graph path.resource-link").First).ToBeAttachedAsync();
    }

    [Fact]
    public async Task Parameters_AreListed_SecretsAreMasked()
    {
        var page = await OpenAsync("/?view=Parameters");

        await Expect(Row(page, "password")).ToBeVisibleAsync();
        Assert.DoesNotContain(RunningStack.Secret, await page.InnerTextAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Details_SecretVariable_IsMasked()
    {
        var page = await OpenAsync($"/?resource={await InstanceAsync("crasher")}");

        await Expect(page.GetByText("PASSWORD", new() { Exact = true })).ToBeVisibleAsync();
        Assert.DoesNotContain(RunningStack.Secret, await page.InnerTextAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestartCommand_StartsNewProcess()
    {
        var before = await StateAsync("ticker", snapshot => snapshot.State?.Text == KnownResourceStates.Running);
        var page = await OpenAsync("/");

        await Row(page, "ticker").GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Restart" }).ClickAsync();

        var after = await StateAsync("ticker", snapshot =>
            snapshot.State?.Text == KnownResourceStates.Running && snapshot.StartTimeStamp > before.StartTimeStamp);
        Assert.NotEqual(PidOf(before), PidOf(after));
    }

    [Fact]
    public async Task CommandOfGraph_AsksFirst_AndShowsItsResult()
    {
        var page = await OpenAsync("/");

        await Row(page, "ticker").GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Greet" }).ClickAsync();
        await Expect(page.GetByText("Greet now?")).ToBeVisibleAsync();
        await page.GetByText("Yes", new() { Exact = true }).ClickAsync();

        await Expect(page.GetByText("Hello from the AppHost").Or(page.GetByText("\"Greet\" succeeded")).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task StructuredLogsAndMetrics_AreShown()
    {
        var (_, replicas) = await ReplicasAsync();

        var logs = await OpenAsync("/structuredlogs");
        await Expect(Row(logs, "routeguide").First).ToBeVisibleAsync();

        var metrics = await OpenAsync($"/metrics/resource/{replicas[0]}");
        await Expect(metrics.GetByText("kestrel.active_connections").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task TraceDetail_ShowsClientServerAndRedis()
    {
        var trace = await stack.Telemetry.WaitForTraceToRedisAsync(Token);

        var page = await OpenAsync($"/traces/detail/{trace[0].TraceId}");

        await Expect(Row(page, "routeguide-client").First).ToBeVisibleAsync();
        await Expect(Row(page, "routeguide-server").First).ToBeVisibleAsync();
        await Expect(Row(page, trace.First(span => span.IsRedisCall).Name).First).ToBeVisibleAsync();
    }

    /// <summary>
    /// Makes the README's picture of the graph alone:
    /// <c>MONOREPO_SCREENSHOT=docs/dashboard.png dotnet run --project tests/AppHost.Tests -- --filter-method '*Screenshot*'</c>
    /// </summary>
    [Fact]
    public async Task Screenshot_ForReadme_ShowsHealthyGraph()
    {
        var page = await OpenAsync("/");

        await Expect(Row(page, "routeguide-client")).ToContainTextAsync("Running");
        await Expect(page.GetByText("Unhealthy")).ToHaveCountAsync(0);
        await page.SetViewportSizeAsync(1440, 600);
        await page.EvaluateAsync(HideHome, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        await page.ScreenshotAsync(new() { Path = RunningStack.ScreenshotPath });
    }

    private static ILocator Row(IPage page, string text) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    private static object? PidOf(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.Single(property => property.Name == "executable.pid").Value;

    private async Task<IPage> OpenAsync(string path) => Own(await dashboard.OpenAsync(path));

    private IPage Own(IPage page)
    {
        _pages.Add(page);
        return page;
    }

    private async Task<string> InstanceAsync(string resource) =>
        (await stack.App.ResourceNotifications.WaitForResourceAsync(resource, _ => true, Token)).ResourceId;

    private async Task<CustomResourceSnapshot> StateAsync(string resource, Func<CustomResourceSnapshot, bool> condition) =>
        (await stack.App.ResourceNotifications.WaitForResourceAsync(resource, e => condition(e.Snapshot), Token)).Snapshot;

    private async Task<(IResource Resource, IReadOnlyList<string> Names)> ReplicasAsync()
    {
        HashSet<string> names = [];
        IResource? resource = null;
        await foreach (var change in stack.App.ResourceNotifications.WatchAsync(Token))
        {
            // Before there are replicas, the resource itself has a state.
            if (change.Resource.Name == "routeguide-server" && change.ResourceId != "routeguide-server"
                && names.Add(change.ResourceId) && names.Count == 2)
            {
                resource = change.Resource;
                break;
            }
        }

        return (resource!, [.. names]);
    }

    [GeneratedRegex("/login")]
    private static partial Regex LoginPage();

    [GeneratedRegex("Exited|Finished")]
    private static partial Regex ExitedOrFinished();

    [GeneratedRegex("^http://localhost:\\d+")]
    private static partial Regex HttpUrl();
}
