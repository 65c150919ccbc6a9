using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using MonoRepo.Hosting;
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
        await Expect(Row(page, "todo-server")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ResourcesPage_ShowsTheGraph_AndNoSecret()
    {
        var redis = Assert.Single(
            stack.App.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<RedisClusterResource>());
        var password = await redis.PasswordParameter.GetValueAsync(Token);
        Assert.NotNull(password);

        var page = await OpenAsync("/");
        await Expect(Row(page, "routeguide-client")).ToContainTextAsync("Running");
        var servers = Row(page, "routeguide-server-");
        await Expect(servers).ToHaveCountAsync(2);
        await Expect(servers.First.Locator("a[href^='http://localhost:']").First).ToBeVisibleAsync();

        // The dashboard itself is part of the graph, but nothing to look at.
        await Expect(Row(page, "aspire-dashboard")).ToHaveCountAsync(0);
        await HasNoSecretAsync();

        await page.GotoAsync(new Uri(stack.LoginUrl, $"/?resource={await InstanceAsync("redis")}").ToString());
        await Expect(page.GetByText("Connection string").First).ToBeVisibleAsync();
        await HasNoSecretAsync();

        await page.GetByRole(AriaRole.Tab, new() { Name = "Parameters" }).ClickAsync();
        await Expect(Row(page, "notifier-token")).ToBeVisibleAsync();
        await HasNoSecretAsync();

        await page.GetByRole(AriaRole.Tab, new() { Name = "Graph" }).ClickAsync();
        await Expect(page.Locator("svg.resource-graph").GetByText("routeguide-client").First).ToBeVisibleAsync();
        await Expect(page.Locator("svg.resource-graph line, svg.resource-graph path.resource-link").First).ToBeAttachedAsync();

        async Task HasNoSecretAsync() =>
            Assert.DoesNotContain(password, await page.InnerTextAsync("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestartCommand_StartsNewProcess()
    {
        var before = await StateAsync("playbooks", snapshot => snapshot.State?.Text == KnownResourceStates.Running);
        var page = await OpenAsync("/");

        await Row(page, "playbooks").GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Restart" }).ClickAsync();

        var after = await StateAsync("playbooks", snapshot =>
            snapshot.State?.Text == KnownResourceStates.Running && snapshot.StartTimeStamp > before.StartTimeStamp);
        Assert.NotEqual(PidOf(before), PidOf(after));
    }

    [Fact]
    public async Task LogsAndMetrics_OfReplica_AreShown()
    {
        var replica = await InstanceAsync("routeguide-server");

        var page = await OpenAsync($"/consolelogs/resource/{replica}");
        await Expect(page.GetByText("Now listening on").First).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(stack.LoginUrl, "/structuredlogs").ToString());
        await Expect(Row(page, "routeguide").First).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(stack.LoginUrl, $"/metrics/resource/{replica}").ToString());
        await Expect(page.GetByText("kestrel.active_connections").First).ToBeVisibleAsync();
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
        (await stack.App.ResourceNotifications.WaitForResourceAsync(
            resource, e => e.Snapshot.State?.Text == KnownResourceStates.Running, Token)).ResourceId;

    private async Task<CustomResourceSnapshot> StateAsync(string resource, Func<CustomResourceSnapshot, bool> condition) =>
        (await stack.App.ResourceNotifications.WaitForResourceAsync(resource, e => condition(e.Snapshot), Token)).Snapshot;

    [GeneratedRegex("/login")]
    private static partial Regex LoginPage();
}
