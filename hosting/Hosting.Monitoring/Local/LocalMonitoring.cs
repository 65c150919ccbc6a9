using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>
/// Prometheus, Alertmanager and Grafana beside a local run: resources like any other, which start after the others.
/// </summary>
internal sealed partial class LocalMonitoring
{
    private const string EndpointName = "http";
    private const string ContainerData = "/data";

    // Nothing answers there (RFC 863): for configurations that want an address of a program which is not there.
    private const int DiscardPort = 9;
    private readonly IDistributedApplicationBuilder _builder;
    private readonly MonitoringResource _parent;
    private readonly LocalMonitoringOptions _options;
    private readonly MonitoringFolder _folder = new();

    private LocalMonitoring(IDistributedApplicationBuilder builder, MonitoringResource parent, LocalMonitoringOptions options) =>
        (_builder, _parent, _options) = (builder, parent, options);

    private MonitoredGraph Graph => MonitoredGraph.Read(_builder.Resources, null);

    public static void Add(IDistributedApplicationBuilder builder, MonitoringResource parent)
    {
        var options = LocalMonitoringOptions.Read(builder.Configuration);
        if (options.Programs == LocalPrograms.Off)
        {
            return;
        }

        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var local = new LocalMonitoring(builder, parent, options);
        var missing = new List<LocalTool>();
        foreach (var tool in LocalTool.All)
        {
            if (ToolChoice.Of(tool, options.Programs, path, ContainerRuntimes.IsUp) is { Command: { } command } choice)
            {
                local.AddProgram(tool, command, choice.IsContainer);
            }
            else
            {
                local.AddMissing(tool);
                missing.Add(tool);
            }
        }

        if (builder.ExecutionContext.IsRunMode)
        {
            builder.OnBeforeStart((started, _) =>
            {
                local.Begin(started.Services, missing);
                return Task.CompletedTask;
            });
        }
    }

    private void AddProgram(LocalTool tool, string command, bool isContainer)
    {
        var resource = new MonitoringProgramResource(tool.Name, command, _builder.AppHostDirectory, _parent);
        var added = _builder.AddResource(resource).WithHttpEndpoint(name: EndpointName, isProxied: false)
            .WithEndpoint(EndpointName, e => e.TargetHost = "127.0.0.1", createIfNotExists: false)
            .WithArgs(context =>
            {
                foreach (var argument in isContainer
                    ? ContainerArguments(tool)
                    : Arguments(tool, _folder.PathOf($"{tool.Name}-data")))
                {
                    context.Args.Add(argument);
                }
            })
            .WithHttpHealthCheck(tool.HealthPath)
            .WithDeferredStart()
            .ExcludeFromManifest()
            .OnBeforeResourceStarted(
                (_, started, cancellationToken) => WriteAsync(tool, isContainer, started.Services, cancellationToken));
        if (tool == LocalTool.Alertmanager)
        {
            new SilenceCommands(added.GetEndpoint(EndpointName), () => RuleSet.AlertNames(Graph)).Add(added);
        }
    }

    private void AddMissing(LocalTool tool) => _builder.AddResource(new MissingProgramResource(tool.Name, _parent))
        .WithInitialState(new()
        {
            ResourceType = "Program",
            State = new ResourceStateSnapshot("Not installed", KnownResourceStateStyles.Info),
            Properties = [new("Install", tool.Install)],
        })
        .WithDeferredStart()
        .ExcludeFromManifest();

    /// <summary>Before anything starts: the folder, its end, and one line about what is missing.</summary>
    private void Begin(IServiceProvider services, List<LocalTool> missing)
    {
        _folder.Begin();
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(_folder.Dispose);
        foreach (var playbooks in _parent.Annotations.OfType<PlaybooksAnnotation>())
        {
            playbooks.Project.Annotations.Add(new EnvironmentCallbackAnnotation(context => PlaybooksAnnotation.Set(
                context,
                EndpointOf(LocalTool.Prometheus),
                EndpointOf(LocalTool.Alertmanager),
                GrafanaFiles.WriteDashboards(_folder, Graph))));
        }

        if (EndpointOf(LocalTool.Alertmanager) is { } alertmanager)
        {
            foreach (var receiver in _parent.Annotations.OfType<NotifierReceiverAnnotation>())
            {
                receiver.Notifier.Annotations.Add(new EnvironmentCallbackAnnotation(
                    context => context.EnvironmentVariables[NotifierReceiverAnnotation.Alertmanager] = alertmanager));
            }
        }

        // Grafana is the one that needs a container runtime; its resource says so.
        if (missing.Any(t => t != LocalTool.Grafana) && services.GetService<ILoggerFactory>() is { } loggers)
        {
            Log.Missing(loggers.CreateLogger("MonoRepo.Hosting.Monitoring"), string.Join(
                "; ", missing.Select(t => $"{t.Name}: {t.Install}")));
        }
    }

    private async Task WriteAsync(
        LocalTool tool, bool isContainer, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (tool == LocalTool.Prometheus)
        {
            var links = await ReadLinksAsync(cancellationToken);
            PrometheusFiles.Write(_folder, Graph, links, AddressOf(LocalTool.Alertmanager), _options.Interval);
            // Not awaited: it follows the replicas for as long as the application runs.
            _ = TargetsFile.FollowAsync(
                _folder,
                Graph,
                services.GetRequiredService<ResourceNotificationService>(),
                services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        }
        else if (tool == LocalTool.Alertmanager)
        {
            var text = AlertmanagerFiles.Text(await ReadWebhooksAsync(cancellationToken));
            if (isContainer)
            {
                // Its user is another one.
                _folder.Write(text, AlertmanagerFiles.Config);
            }
            else
            {
                PrivateFile.Write(_folder.PathOf(AlertmanagerFiles.Config), text);
            }
        }
        else
        {
            GrafanaFiles.Write(_folder, Graph);
        }
    }

    private async Task<IReadOnlyList<LocalWebhook>> ReadWebhooksAsync(CancellationToken cancellationToken)
    {
        var webhooks = _options.Webhook is { } url ? new List<LocalWebhook> { new(url) } : [];
        foreach (var receiver in _parent.Annotations.OfType<NotifierReceiverAnnotation>())
        {
            var address = await receiver.Notifier.GetEndpoint(NotifierReceiverAnnotation.Endpoint)
                .GetValueAsync(cancellationToken);
            var token = await receiver.Token.GetValueAsync(cancellationToken);
            webhooks.Add(new($"{address}{NotifierReceiverAnnotation.Path}", new(new(token!))));
        }

        return webhooks;
    }

    private async Task<MonitoringLinks> ReadLinksAsync(CancellationToken cancellationToken) => new(
        _parent.Annotations.OfType<PlaybooksAnnotation>()
            .LastOrDefault()?.Project.GetEndpoint(PlaybooksAnnotation.Endpoint) is { } playbooks
            ? PlaybooksAnnotation.Runbooks(await playbooks.GetValueAsync(cancellationToken) ?? "")
            : null,
        PortOf(LocalTool.Grafana) is { } port ? $"http://localhost:{port}" : "");

    private string AddressOf(LocalTool tool) => $"127.0.0.1:{PortOf(tool) ?? DiscardPort}";

    /// <summary>The port that Aspire has allocated; null: the program isn't run.</summary>
    private int? PortOf(LocalTool tool) => EndpointOf(tool)?.Port;

    private EndpointReference? EndpointOf(LocalTool tool) =>
        _builder.Resources.OfType<MonitoringProgramResource>()
        .FirstOrDefault(r => r.Name == tool.Name)?.GetEndpoint(EndpointName);

    private IReadOnlyList<string> Arguments(LocalTool tool, string data) => tool.Name switch
    {
        "prometheus" => PrometheusFiles.Arguments(_folder.PathOf(PrometheusFiles.Config), data, PortOf(tool)!.Value),
        "alertmanager" => AlertmanagerFiles.Arguments(_folder.PathOf(AlertmanagerFiles.Config), data, PortOf(tool)!.Value),
        _ => [],
    };

    /// <summary>
    /// The runtime's own command rather than a container of DCP: what monitors and what is monitored are on loopback, which only
    /// the host's network reaches.
    /// </summary>
    private IEnumerable<string> ContainerArguments(LocalTool tool)
    {
        var variables = tool == LocalTool.Grafana
            ? GrafanaFiles.Variables(_folder, PortOf(tool)!.Value, $"http://{AddressOf(LocalTool.Prometheus)}")
            : new Dictionary<string, string>();
        var image = _builder.Configuration[$"Monitoring:Image:{tool.Name}"] ?? tool.Image;
        return
        [
            "run", "--rm", "--network=host", $"--name=monorepo-{tool.Name}-{Environment.ProcessId}",
            $"--volume={_folder.Root}:{_folder.Root}:ro", "--tmpfs", $"{ContainerData}:mode=1777",
            .. variables.SelectMany(v => (string[])["--env", $"{v.Key}={v.Value}"]),
            image,
            .. Arguments(tool, ContainerData),
        ];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Without monitoring; all else runs. To install: {Missing}.")]
        public static partial void Missing(ILogger logger, string missing);
    }
}
