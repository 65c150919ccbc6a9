using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Monitoring;
using MonoRepo.Hosting.Monitoring.Grafana;
using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Tests;

/// <summary>The AppHost's graph, running with its monitoring and called all the time.</summary>
public sealed partial class MonitoredRun : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(90);

    /// <summary>An empty message: refused by some methods, which is a result like any other.</summary>
    private static readonly string[] s_calls =
    [
        "routeguide-server:grpc:/routeguide.RouteGuide/GetFeature",
        "todo-server:grpc:/todo.v1.TodoService/ListItems",
    ];

    private readonly CancellationTokenSource _ended = new();
    private IDistributedApplicationTestingBuilder? _builder;
    private DistributedApplication? _app;
    private Task _load = Task.CompletedTask;

    internal PrometheusApi Prometheus { get; private set; } = null!;

    internal WebhookReceiver Webhook { get; private set; } = null!;

    /// <summary>How many replicas are scraped.</summary>
    public int Replicas => ScrapedInstances.Count;

    public IReadOnlyList<string> ScrapedInstances { get; private set; } = [];

    /// <summary>
    /// Every expression of the dashboards and rules, and where it is; of alerts, which mostly return nothing, each series that
    /// they look at.
    /// </summary>
    public IReadOnlyList<(string Where, string Expression)> Expressions { get; private set; } = [];

    private static bool IsInstalled =>
        Tools.Exists("prometheus") && Tools.Exists("prometheus-alertmanager") && Tools.Exists("redis-server");

    public void SkipUnlessInstalled() =>
        Assert.SkipUnless(IsInstalled, "prometheus, prometheus-alertmanager and redis-server are not all installed.");

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            return;
        }

        var token = TestContext.Current.CancellationToken;
        Webhook = await WebhookReceiver.StartAsync(token);
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--redis", "redis-server", "--redis-replicas", "1", "--monitoring", "native",
                $"--Monitoring:Webhook={Webhook.Url}", "--Monitoring:Interval=1s",
            ], token);
        var server = _builder.Resources.Single(r => r.Name == "routeguide-server");
        server.Annotations.Add(new AlertRulesAnnotation(
            [new("TestTargetUp", "up{job=\"routeguide-server\"} == 1", TimeSpan.Zero, AlertSeverity.Ticket,
                "{{ $labels.pod }} is up.")]));

        // Somebody who can't be told, which shows that it was tried.
        _builder.CreateResourceBuilder((ProjectResource)_builder.Resources.Single(r => r.Name == "notifier"))
            .WithEnvironment("Notifier__Receivers__nobody__Irc__Server", "127.0.0.1").WithEnvironment(
                "Notifier__Receivers__nobody__Irc__Port", "9")
            .WithEnvironment("Notifier__Receivers__nobody__Irc__Channel", "#nobody");
        var graph = MonitoredGraph.Read(_builder.Resources, null);
        Expressions =
        [
            .. Dashboards.Of(graph).SelectMany(Queries),
            .. RuleSet.Of(graph, new()).SelectMany(r => r.File.Groups).SelectMany(Queries),
        ];

        _app = await _builder.BuildAsync(token);
        await _app.StartAsync(token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("prometheus", token).WaitAsync(s_timeout, token);
        ScrapedInstances = await FindInstancesAsync(
            _app.ResourceNotifications, [.. graph.Scraped.Select(r => r.Resource)], token).WaitAsync(s_timeout, token);
        Prometheus = new(_app.GetEndpoint("prometheus", "http"));
        _load = Task.WhenAll(s_calls.Select(CallAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _load;
        Prometheus?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_builder is not null)
        {
            await _builder.DisposeAsync();
        }

        if (Webhook is not null)
        {
            await Webhook.DisposeAsync();
        }

        _ended.Dispose();
    }

    /// <summary>Asks again until the answer is as wanted.</summary>
    internal Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Predicate<T> isWanted, string? fault = null) =>
        Eventually.BecomesAsync(
            ask, isWanted, answer => fault ?? $"Not in time: {answer}", interval: 200, TimeSpan.FromSeconds(30));

    /// <summary>Executes a command as a button of the dashboard does, and says what it answered.</summary>
    internal async Task<string?> CommandAsync(string instance, string command, params (string Name, string Value)[] arguments)
    {
        var inputs = arguments.Select(a => new InteractionInput { Name = a.Name, Value = a.Value, InputType = InputType.Text });
        var result = await _app!.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(
            instance, command, new InteractionInputCollection([.. inputs]), TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Message);
        return result.Message;
    }

    /// <summary>Waits until a command can be given, or can't.</summary>
    internal Task<ResourceEvent> WaitForCommandAsync(string resource, string command, ResourceCommandState state) =>
        _app!.ResourceNotifications.WaitForResourceAsync(
            resource, e => e.Snapshot.Commands.Any(c => c.Name == command && c.State == state),
            TestContext.Current.CancellationToken).WaitAsync(s_timeout);

    internal HttpClient CreateClient(string resource) => _app!.CreateHttpClient(resource, "http");

    private static async Task<IReadOnlyList<string>> FindInstancesAsync(
        ResourceNotificationService notifications, IReadOnlyCollection<IResource> resources, CancellationToken cancellationToken)
    {
        var wanted = resources.Sum(resource => resource.GetReplicaCount());
        var found = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (resources.Contains(change.Resource) && found.Add(change.ResourceId) && found.Count == wanted)
            {
                break;
            }
        }

        return [.. found];
    }

    private static IEnumerable<(string, string)> Queries(Dashboard dashboard) =>
        from panel in dashboard.Panels
        from target in panel.Targets ?? []
        select ($"dashboard {dashboard.Uid}, {panel.Title}", target.Expr.Replace(
            "$__rate_interval", "10s", StringComparison.Ordinal));

    private static IEnumerable<(string, string)> Queries(RuleGroup group) =>
        group.Rules.SelectMany(rule => rule.Record is { } record
        ? [($"rule {record}", rule.Expr)]
        : Series().Matches(rule.Expr).Select(m => ($"alert {rule.Alert}", m.Value)));

    /// <summary>Calls a method over and over, from the other side of the wire: five bytes of header and no message.</summary>
    private async Task CallAsync(string call)
    {
        var parts = call.Split(':');
        using var client = new HttpClient { BaseAddress = _app!.GetEndpoint(parts[0], parts[1]) };
        while (!_ended.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, parts[2])
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(new byte[5])
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") },
                },
                Headers = { TE = { new("trailers") } },
            };
            try
            {
                using var response = await client.SendAsync(request, _ended.Token);
                await response.Content.ReadAsByteArrayAsync(_ended.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(20), _ended.Token);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // A replica was stopped, or the run ends.
            }
        }
    }

    [GeneratedRegex("(?:job_sli:[a-z0-9_:]+|up|[a-z]+(?:_[a-z]+)+)(?=[{\\[ )]|$)(?:\\{[^}]*\\})?(?! by)")]
    private static partial Regex Series();
}
