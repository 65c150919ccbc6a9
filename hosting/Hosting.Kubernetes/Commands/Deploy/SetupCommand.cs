using System.CommandLine;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Setup;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// Makes what must exist before an environment can be applied. An administrator's act: what it makes is cluster-wide or gives
/// rights.
/// </summary>
internal sealed class SetupCommand : EnvironmentCommand
{
    private readonly OutputOption _output = new();
    private readonly Option<string> _definitions = new("--crds")
    {
        Description = "Folder with the CustomResourceDefinitions; by default they are fetched with the operators.",
        HelpName = "folder",
    };
    private readonly Option<bool> _skipOperators = new("--skip-operators") { Description = "Do not install the operators." };
    private readonly Option<string[]> _groups = new("--group")
    {
        Description = "Group of people who may deploy this environment, as the cluster knows it; may be given several times.",
        HelpName = "name",
    };

    private readonly Option<bool> _force = new("--force-conflicts") { Description = "Take over fields that others own." };
    private readonly RolloutWait _wait = new(timeout: "2m");

    public SetupCommand()
        : base(
            "setup", "Create what an environment needs: namespace, priority classes, custom resource definitions, registry, " +
            "operators, deployer, access.")
    {
        Add(_output);
        Add(_definitions);
        Add(_skipOperators);
        Add(_groups);
        Add(_force);
        Add(_wait);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        using var cluster = environment.Connect();
        if (ServerVersion.Warning(await cluster.ServerVersionAsync(cancellationToken)) is { } warning)
        {
            await context.Error.WriteLineAsync($"warning: {warning}");
        }

        var plan = await PlanAsync(environment, cancellationToken);
        var timeout = _wait.Timeout(context);
        var console = _output.Console(context);
        IClusterClient Connect(string? @namespace) => @namespace is null ? cluster : cluster.InNamespace(@namespace);

        var runner = new SetupRunner(Connect, TimeProvider.System);
        var results = new List<SetupResult>();
        var isReady = true;
        foreach (var step in plan.Steps())
        {
            var done = await runner.RunAsync(step, context.Arguments.GetValue(_force), timeout, cancellationToken);
            results.AddRange(done);
            await ReportAsync(console, done);
            if (step.Namespace is not null)
            {
                isReady &= (await _wait.WaitAsync(
                    context, Connect(step.Namespace), step.Objects, console, cancellationToken)).IsReady;
            }
        }

        if (_output.IsStructured(context))
        {
            await _output.WriteAsync(context, Document(environment.Target, results));
        }

        return isReady ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task ReportAsync(TextWriter console, IReadOnlyList<SetupResult> done)
    {
        foreach (var result in done.Where(r => r.Did != "unchanged"))
        {
            await console.WriteLineAsync($"{result.Object} {result.Did}");
        }

        var unchanged = done.Count(r => r.Did == "unchanged");
        await console.WriteLineAsync($"{done[0].Step}: {done.Count - unchanged} made or changed, {unchanged} unchanged");
    }

    private static JsonObject Document(EnvironmentTarget target, IReadOnlyList<SetupResult> results) =>
        DeployJson.Create(target, new()
        {
            ["objects"] = new JsonArray([
            .. results.Select(
                r => (JsonNode)new JsonObject { ["step"] = r.Step, ["object"] = r.Object.ToString(), ["did"] = r.Did }),
        ]),
        });

    /// <summary>Everything is fetched and read before the first object is made.</summary>
    private async Task<SetupPlan> PlanAsync(EnvironmentContext environment, CancellationToken cancellationToken)
    {
        var (context, target) = (environment.Command, environment.Target);
        var folder = context.Arguments.GetValue(_definitions);
        var skips = context.Arguments.GetValue(_skipOperators);
        List<YamlMap> fetched = [];
        if (folder is null || !skips)
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
            foreach (var source in OperatorSource.All)
            {
                fetched.AddRange(await new OperatorManifests(http).FetchAsync(source, cancellationToken));
            }
        }

        var deployer = environment.Tree.Find($"{Layout.Overlay(target.Environment)}/deployer.yaml");
        return new()
        {
            Application = environment.Model.Application,
            Namespace = target.Cluster.Namespace,
            Registry = target.Registry,
            Definitions = folder is null ? OperatorManifests.Definitions(fetched) : OperatorManifests.FromFolder(folder),
            Operators = skips ? [] : OperatorManifests.Running(fetched),
            Groups = context.Arguments.GetValue(_groups) ?? [],
            Deployer = deployer is null ? [] : [.. YamlReader.ReadAll(deployer).Cast<YamlMap>()],
        };
    }
}
