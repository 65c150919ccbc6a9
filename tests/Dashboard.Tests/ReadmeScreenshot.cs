using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MonoRepo.Tests;

/// <summary>
/// Not a test: makes the README's picture of the graph alone.
/// <c>MONOREPO_SCREENSHOT=docs/dashboard.png dotnet run --project tests/Dashboard.Tests -- --filter-class MonoRepo.Tests.ReadmeScreenshot</c>
/// </summary>
public sealed class ReadmeScreenshot(DashboardFixture dashboard)
{
    /// <summary>Whose machine it was is no part of the picture.</summary>
    private const string HideHome = """
        home => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(home, '~');
        }
        """;

    [Fact]
    public async Task ShowsTheGraphHealthy()
    {
        Assert.SkipWhen(DashboardFixture.ScreenshotPath is null, "Set MONOREPO_SCREENSHOT to the file that is to be written.");
        Assert.SkipWhen(dashboard.Missing is not null, dashboard.Missing ?? "");
        var page = await dashboard.OpenAsync("/");

        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "routeguide-client" })).ToContainTextAsync("Running");
        await Expect(page.GetByText("Unhealthy")).ToHaveCountAsync(0);
        await page.SetViewportSizeAsync(1440, 600);
        await page.EvaluateAsync(HideHome, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        await page.ScreenshotAsync(new() { Path = DashboardFixture.ScreenshotPath });
    }
}
