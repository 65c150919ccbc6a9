using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Tests.Deploy;

/// <summary>As much of the Kubernetes API as kubectl needs to send a request, which is then recorded and answered as the test says.</summary>
internal sealed class ApiStandIn : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TemporaryFolder _folder = new();

    private ApiStandIn(WebApplication application) => _application = application;

    /// <summary><c>PATCH /api/v1/namespaces/jane/configmaps/a?fieldManager=monorepo</c>, without those that ask what the API offers.</summary>
    public ConcurrentQueue<(string Line, string Type, string Body)> Requests { get; } = [];

    /// <summary>Status and body of the answer to everything; the body that came is sent back where it is null.</summary>
    public (int Status, string? Body) Answer { get; set; } = (200, null);

    /// <summary>kubectl with a kubeconfig whose current context is another one, which nobody answers in.</summary>
    public KubectlProcess Kubectl => new(new("wanted", "jane"), new(Kubeconfig: Path.Combine(_folder.Path, "config")));

    public static async Task<ApiStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(o => o.AllowSynchronousIO = true);
        var application = builder.Build();
        var api = new ApiStandIn(application);
        application.Run(api.AnswerAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        File.WriteAllText(Path.Combine(api._folder.Path, "config"), $$$"""
            {"apiVersion": "v1", "kind": "Config", "current-context": "other",
             "clusters": [{"name": "c", "cluster": {"server": "{{{application.Urls.First()}}}"}}, {"name": "o", "cluster": {"server": "http://127.0.0.1:1"}}],
             "contexts": [{"name": "wanted", "context": {"cluster": "c", "namespace": "elsewhere"}}, {"name": "other", "context": {"cluster": "o"}}]}
            """);
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        context.Response.ContentType = "application/json";
        if (Discovery(path) is { } offered)
        {
            await context.Response.WriteAsync(offered);
            return;
        }

        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        Requests.Enqueue(($"{context.Request.Method} {path}{context.Request.QueryString}", context.Request.ContentType ?? "", body));
        context.Response.StatusCode = Answer.Status;
        await context.Response.WriteAsync(Answer.Body ?? (body.StartsWith('{') ? body : """{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "jane"}}"""));
    }

    private static string? Discovery(string path) => path switch
    {
        "/version" => """{"major": "1", "minor": "36", "gitVersion": "v1.36.0"}""",
        "/api" => """{"kind": "APIVersions", "versions": ["v1"]}""",
        "/apis" => """{"kind": "APIGroupList", "apiVersion": "v1", "groups": [{"name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}], "preferredVersion": {"groupVersion": "apps/v1", "version": "v1"}}]}""",
        "/api/v1" => """{"kind": "APIResourceList", "groupVersion": "v1", "resources": [{"name": "configmaps", "singularName": "configmap", "namespaced": true, "kind": "ConfigMap", "verbs": ["get", "list", "patch", "update", "create", "delete"]}]}""",
        "/apis/apps/v1" => """{"kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [{"name": "statefulsets", "singularName": "statefulset", "namespaced": true, "kind": "StatefulSet", "verbs": ["get", "list", "patch", "delete"]}]}""",
        _ => null,
    };
}
