using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Tests.Deploy;

/// <summary>An API server that records requests and answers as the test says.</summary>
internal sealed class ApiStandIn : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication _application;

    private ApiStandIn(WebApplication application) => _application = application;

    /// <summary><c>PATCH /api/v1/namespaces/jane/configmaps/a?fieldManager=monorepo</c></summary>
    public ConcurrentQueue<(string Line, string Type, string Body)> Requests { get; } = [];

    /// <summary>Answers a request; null: with <see cref="Answer"/>.</summary>
    public Func<HttpContext, Task<bool>> Handle { get; set; } = _ => Task.FromResult(false);

    /// <summary>Status and body of the answer; the body that came is sent back where it is null.</summary>
    public (int Status, string? Body) Answer { get; set; } = (200, null);

    public string Url => _application.Urls.First();

    /// <summary>A client with a kubeconfig whose current context is another one, which nobody answers in.</summary>
    public ClusterClient Client() =>
        ClusterClient.Connect(new("wanted", "jane"), Kubeconfig.Load(Path.Combine(_folder.Path, "config")));

    public static async Task<ApiStandIn> StartAsync()
    {
        var api = new ApiStandIn(null!);
        await api.StartAtAsync("http://127.0.0.1:0");
        File.WriteAllText(Path.Combine(api._folder.Path, "config"), $$$"""
            {"apiVersion": "v1", "kind": "Config", "current-context": "other",
             "clusters": [{"name": "c", "cluster": {"server": "{{{api.Url}}}"}}, {"name": "o", "cluster": {"server": "http://127.0.0.1:1"}}],
             "contexts": [{"name": "wanted", "context": {"cluster": "c", "namespace": "elsewhere"}}, {"name": "other", "context": {"cluster": "o"}}]}
            """);
        return api;
    }

    /// <summary>Stops, and starts again at the same address after <paramref name="meanwhile"/>.</summary>
    public async Task RestartAsync(Func<Task> meanwhile)
    {
        var url = Url;
        await _application.DisposeAsync();
        await meanwhile();
        await StartAtAsync(url);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAtAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.Logging.ClearProviders();
        _application = builder.Build();
        _application.UseWebSockets();
        _application.Run(AnswerAsync);
        await _application.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        context.Response.ContentType = "application/json";
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        Requests.Enqueue((
            $"{context.Request.Method} {path}{context.Request.QueryString}", context.Request.ContentType ?? "", body));
        if (!await Handle(context))
        {
            context.Response.StatusCode = Answer.Status;
            await context.Response.WriteAsync(Answer.Body ?? (body.StartsWith('{')
                ? body
                : """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "jane"}}"""));
        }
    }
}
