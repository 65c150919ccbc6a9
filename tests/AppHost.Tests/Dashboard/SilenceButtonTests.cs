using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;

namespace MonoRepo.Tests;

/// <summary>Silencing an alert by the dashboard's buttons of a real Alertmanager.</summary>
[Collection<RunningStackCollection>]
public sealed class SilenceButtonTests(RunningStack stack, DashboardSession dashboard) : IClassFixture<DashboardSession>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AlertThatFires_IsChosenAndSilenced_AndTheSilenceEnded()
    {
        DashboardSession.SkipUnlessInstalled();
        Assert.SkipUnless(RunningStack.IsMonitored, "prometheus-alertmanager is not installed.");
        await stack.App.ResourceNotifications.WaitForResourceHealthyAsync("alertmanager", Token);
        using var alertmanager = stack.App.CreateHttpClient("alertmanager", "http");
        object[] alerts = [new { labels = new { alertname = "Restarts", pod = "web-1", environment = "personal" } }];
        (await alertmanager.PostAsJsonAsync("/api/v2/alerts", alerts, Token)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => await StateAsync(alertmanager) == "active", "the alert is there");
        var page = await dashboard.OpenAsync("/");

        await ChooseAsync(page, "Silence an alert");
        var dialog = page.Locator("fluent-dialog");
        await Eventually.HoldsAsync(() => IsChosenAsync(dialog, "Restarts, which fires"), "the alert can be chosen");
        await dialog.Locator("fluent-text-input input").FillAsync("known");
        await dialog.Locator("fluent-button", new() { HasText = "Silence an alert" }).ClickAsync();
        await Eventually.HoldsAsync(async () => await StateAsync(alertmanager) == "suppressed", "the alert is silenced");

        await ChooseAsync(page, "Expire silences");
        await Eventually.HoldsAsync(async () => await StateAsync(alertmanager) == "active", "the silence has ended");
        await page.CloseAsync();
    }

    private static async Task ChooseAsync(IPage page, string command)
    {
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "alertmanager" })
            .GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = command }).ClickAsync();
    }

    /// <summary>A dialog that is still being drawn closes its list again.</summary>
    private static async Task<bool> IsChosenAsync(ILocator dialog, string option)
    {
        await dialog.GetByRole(AriaRole.Combobox).First.ClickAsync();
        try
        {
            await dialog.Locator("fluent-option", new() { HasText = option }).ClickAsync(new() { Timeout = 2_000 });
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task<string?> StateAsync(HttpClient alertmanager)
    {
        var alerts = await alertmanager.GetFromJsonAsync<JsonArray>("/api/v2/alerts", Token);
        return (string?)alerts!.FirstOrDefault(a => (string?)a!["labels"]!["pod"] == "web-1")?["status"]!["state"];
    }
}
