using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MonoRepo.Tests;

/// <summary>What a person sees and does, in headless Chromium.</summary>
public sealed class BrowserTests(MonitoredPlaybooks monitored)
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly string? s_path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    [Fact]
    public async Task FromAnAlertToItsRunbook_AndToADashboard()
    {
        Assert.SkipWhen(s_path is null, "No chromium in PATH: apt-get install chromium.");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = s_path, Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);

        await page.GotoAsync($"{monitored.Playbooks.Address}");
        await Expect(page.Locator(".state.firing.page")).ToHaveCSSAsync("background-color", "rgb(187, 0, 0)");
        await Expect(page.GetByText(MonitoredPlaybooks.Hostile).First).ToBeVisibleAsync();
        await KeepAsync(page, "alerts");

        await page.GetByRole(AriaRole.Row).GetByRole(AriaRole.Link, new() { Name = "TargetDown" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("TargetDown: firing");
        var command = page.Locator("article code").First;
        await command.ClickAsync();
        Assert.Equal(await command.TextContentAsync(), await page.EvaluateAsync<string>("() => getSelection().toString()"));
        await KeepAsync(page, "runbook");

        await page.GetByLabel("Search the runbooks").FillAsync("slots");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "RedisSlotsLost" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Alerts and runbooks" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "test", Exact = true }).ClickAsync();
        var line = page.GetByRole(AriaRole.Img, new() { Name = "Resident" }).Locator("path.c0");
        await Expect(line).ToHaveCSSAsync("stroke", "rgb(42, 125, 225)");
        await KeepAsync(page, "dashboard");
        Assert.Empty(complaints);
    }

    /// <summary>Pictures for who wants to look: <c>MONOREPO_SCREENSHOTS=folder</c>.</summary>
    private static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MONOREPO_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        }
    }
}
