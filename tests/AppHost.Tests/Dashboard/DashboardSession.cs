using Microsoft.Playwright;

namespace MonoRepo.Tests;

/// <summary>Headless Chromium, logged in to the dashboard. Playwright's own browsers are not downloaded.</summary>
/// <param name="stack">The application whose dashboard it is.</param>
public sealed class DashboardSession(RunningStack stack) : IAsyncLifetime
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly string? s_path = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _context;

    /// <summary>Whether there is a browser.</summary>
    public static bool IsInstalled => s_path is not null;

    /// <summary>Starts the browser.</summary>
    public static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        var playwright = await Playwright.CreateAsync();
        return (
            playwright,
            await playwright.Chromium.LaunchAsync(new() { ExecutablePath = s_path, Headless = true, Args = s_arguments }));
    }

    /// <summary>Skips the test where no browser is installed.</summary>
    public static void SkipUnlessInstalled() => Assert.SkipUnless(IsInstalled, "No chromium in PATH: apt-get install chromium.");

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            return;
        }

        (_playwright, _browser) = await LaunchAsync();
        _context = await NewContextAsync();
        var page = await OpenAsync(stack.LoginUrl.PathAndQuery);
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Graph" })).ToBeVisibleAsync();
        await page.CloseAsync();
    }

    /// <summary>Opens a page of the dashboard.</summary>
    /// <param name="path">Path and query.</param>
    public Task<IPage> OpenAsync(string path) => OpenAsync(_context!, path);

    /// <summary>Opens a page of the dashboard in a session that is not logged in.</summary>
    /// <param name="path">Path and query.</param>
    public async Task<IPage> OpenWithoutLoginAsync(string path) => await OpenAsync(await NewContextAsync(), path);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }

    private Task<IBrowserContext> NewContextAsync() =>
        _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, Locale = "en-US" });

    private async Task<IPage> OpenAsync(IBrowserContext context, string path)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(stack.LoginUrl, path).ToString());
        return page;
    }
}
