using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using MonoRepo.Playbooks.Dashboards;
using MonoRepo.Playbooks.History;
using MonoRepo.Playbooks.Monitoring;
using MonoRepo.Playbooks.Pages;
using MonoRepo.Playbooks.Runbooks;
using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.Playbooks;

/// <summary>The pages, all of which are for people within reach of the port: on loopback, or in the namespace.</summary>
internal static class PlaybooksEndpoints
{
    // Neither a script nor anything from elsewhere, whatever a label says.
    private static readonly string s_policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style.Text)))}'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    // The server leaves the body out where only the head is asked for.
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    public static void AddPlaybooks(this IHostApplicationBuilder builder)
    {
        var options = PlaybooksOptions.Read(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(RunbookLibrary.Read(options.Runbooks));
        builder.Services.AddSingleton(new DashboardFolder(options.Dashboards));
        builder.Services.AddSingleton<PanelReader>();
        builder.Services.AddSingleton(new HistoryFile(options.History));
        builder.Services.AddSingleton<HistoryMetrics>();
#pragma warning disable EXTEXP0001 // Experimental. A person who looks would rather be told than wait for a retry.
        builder.Services.AddHttpClient<MonitoringApi>(http => http.Timeout = s_timeout).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }

    public static void MapPlaybooks(this WebApplication app)
    {
        // Nobody else asks for it.
        app.Services.GetRequiredService<HistoryMetrics>();
        var pages = app.MapGroup("").AllowAnonymous().AddEndpointFilter((context, next) =>
        {
            var headers = context.HttpContext.Response.Headers;
            headers.ContentSecurityPolicy = s_policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            return next(context);
        });
        pages.MapMethods("/", s_methods, ShowAlertsAsync);
        pages.MapMethods("/dashboards/{name}", s_methods, ShowDashboardAsync);
        pages.MapMethods("/runbooks/{alert}", s_methods, ShowRunbookAsync);
        pages.MapMethods("/history", s_methods, (HistoryFile history) => Show(HistoryPage.Render(history.Read())));
        pages.MapMethods("/search", s_methods, (string? q, RunbookLibrary runbooks) =>
            Show(RunbookPages.RenderSearch(q ?? "", runbooks.Search(q ?? ""))));
        pages.MapMethods("/{**path}", s_methods, (HttpRequest request) =>
            Refuse(404, $"There is no page '{request.Path}'."));
    }

    private static async Task<IResult> ShowAlertsAsync(
        MonitoringApi api,
        RunbookLibrary runbooks,
        DashboardFolder dashboards,
        HistoryFile history,
        PlaybooksOptions options,
        CancellationToken cancellationToken)
    {
        var (board, budgets) = (AlertBoard.ReadAsync(api, cancellationToken), ErrorBudget.ReadAsync(api, cancellationToken));
        return Show(AlertsPage.Render(await board, await budgets, history, runbooks, dashboards.Names, options.Prometheus));
    }

    private static async Task<IResult> ShowDashboardAsync(
        string name,
        string? range,
        DashboardFolder dashboards,
        PanelReader reader,
        HistoryFile history,
        CancellationToken cancellationToken)
    {
        if (TimeWindow.Find(range ?? "15m") is not { } window)
        {
            return Refuse(400, $"The range is '{range}'. Use 15m, 1h, 6h or 1d.");
        }

        return dashboards.Find(name) is { } dashboard
            ? Show(DashboardPage.Render(
                dashboard, await reader.ReadAsync(dashboard, window, cancellationToken), history.Read(), window))
            : Refuse(404, $"There is no dashboard '{name}'.");
    }

    private static async Task<IResult> ShowRunbookAsync(
        string alert,
        MonitoringApi api,
        RunbookLibrary runbooks,
        DashboardFolder dashboards,
        PlaybooksOptions options,
        CancellationToken cancellationToken)
    {
        // Links between the files have the ending, and so have those of alerts.
        var name = alert.EndsWith(".md", StringComparison.Ordinal) ? alert[..^3] : alert;
        if (runbooks.Find(name) is not { } runbook)
        {
            return Refuse(404, $"There is no runbook '{name}'.");
        }

        var board = await AlertBoard.ReadAsync(api, cancellationToken);
        return Show(RunbookPages.Render(runbook, board, runbooks, dashboards.Names, options.Prometheus));
    }

    private static IResult Refuse(int status, string problem) => Show(
        Layout.Page(
            ReasonPhrases.GetReasonPhrase(status), [problem],
            $"<p><a href=\"/\">{Layout.FirstPage}</a> has links to all pages.</p>"),
        status);

    private static IResult Show(Html page, int status = 200) => Results.Text(page.ToString(), "text/html", Encoding.UTF8, status);
}
