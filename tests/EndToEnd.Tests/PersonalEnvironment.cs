using System.Diagnostics;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Logs;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>
/// A personal environment in a namespace that nobody else has, on whatever cluster KUBECONFIG names; it goes with all that is in
/// it. Images go to MONOREPO_TEST_REGISTRY, on MONOREPO_TEST_BASE_IMAGE if that is set; CustomResourceDefinitions come from
/// MONOREPO_TEST_CRDS if that is set.
/// </summary>
internal sealed class PersonalEnvironment : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(5);

    private readonly string _appHost;

    private PersonalEnvironment(string appHost, Kubeconfig kubeconfig)
    {
        (_appHost, Context) = (appHost, kubeconfig.CurrentContext!);
        var prefix = Environment.GetEnvironmentVariable("MONOREPO_TEST_PREFIX") ?? "e2e";
        Namespace = $"{prefix}-{Guid.NewGuid().ToString("N")[..8]}";
        Cluster = ClusterClient.Connect(new(Context, Namespace), kubeconfig);
    }

    /// <summary>The cluster, in this namespace.</summary>
    public ClusterClient Cluster { get; }

    /// <summary>The context that was current at the start.</summary>
    public string Context { get; }

    /// <summary>Namespace and user.</summary>
    public string Namespace { get; }

    /// <summary>Makes one with the verb <c>setup</c> and the Secret that the graph needs, or skips the test.</summary>
    /// <param name="appHost">Folder of the AppHost.</param>
    /// <param name="secrets">Keys of the Secret <c>parameters</c>.</param>
    public static async Task<PersonalEnvironment> CreateAsync(string appHost, params string[] secrets)
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("KUBECONFIG") is null or "", "KUBECONFIG names no cluster to deploy to.");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY") is null
            or "", "MONOREPO_TEST_REGISTRY names no registry that this machine and the cluster's nodes reach.");
        var environment = new PersonalEnvironment(appHost, Kubeconfig.Load());
        string[] definitions =
            Environment.GetEnvironmentVariable("MONOREPO_TEST_CRDS") is { Length: > 0 } folder ? ["--crds", folder] : [];
        var setup = await environment.RunAsync(["setup", "--skip-operators", .. definitions]);
        if (setup.ExitCode != 0)
        {
            await environment.DisposeAsync();
        }

        setup.Succeeded();
        if (secrets.Length > 0)
        {
            await environment.CreateAsync(
                $"{{apiVersion: v1, kind: Secret, metadata: {{name: parameters}}, stringData: " +
                $"{{{string.Join(", ", secrets.Select(s => $"{s}: x{Guid.NewGuid():N}"))}}}}}");
        }

        return environment;
    }

    /// <summary>Runs a verb of the AppHost as a user does.</summary>
    public Task<ProgramRun> RunAsync(params string[] arguments) => RunAsync(null, Context, null, arguments);

    /// <summary>Runs a verb and kills it when it writes a certain line.</summary>
    public Task<ProgramRun> RunAsync(Func<string, bool>? killAt, params string[] arguments) =>
        RunAsync(killAt, Context, null, arguments);

    /// <summary>Runs a verb over a connection that is cut when it writes a certain line for the first time.</summary>
    public Task<ProgramRun> RunAsync(
        BreakingConnection connection, Func<string, bool> cutAt, TimeSpan away, params string[] arguments) => RunAsync(
        line =>
        {
            if (connection.Cuts == 0 && cutAt(line))
            {
                connection.Cut(away);
            }

            return false;
        },
        Context,
        connection.Kubeconfig,
        arguments);

    /// <summary>Runs a verb as a user who has no rights in the cluster.</summary>
    public Task<ProgramRun> RunAsync(NobodyConfig nobody, params string[] arguments) =>
        RunAsync(null, NobodyConfig.User, nobody.Path, arguments);

    /// <summary>A kubeconfig for a service account of this namespace that nobody gave any rights.</summary>
    public async Task<NobodyConfig> NobodyAsync()
    {
        await CreateAsync($"{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: {NobodyConfig.User}}}}}");
        await CreateAsync(
            $"{{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {{name: token, " +
            $"annotations: {{kubernetes.io/service-account.name: {NobodyConfig.User}}}}}}}");
        await UntilAsync(async () => await ValueAsync("Secret/token", "data", "token") is not null, "the account has a token");
        var nobody = new NobodyConfig();
        nobody.Write(
            System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((await ValueAsync("Secret/token", "data", "token"))!)),
            Context);
        return nobody;
    }

    private Task<ProgramRun> RunAsync(Func<string, bool>? killAt, string context, string? kubeconfig, string[] arguments) =>
        ProgramRun.RunAsync(Create(context, kubeconfig, arguments), TestContext.Current.CancellationToken, killAt: killAt);

    /// <summary>How a verb is started that goes on until it is stopped.</summary>
    public ProcessStartInfo Start(params string[] arguments)
    {
        var start = Create(Context, null, arguments);
        start.RedirectStandardOutput = true;
        return start;
    }

    private ProcessStartInfo Create(string context, string? kubeconfig, string[] arguments)
    {
        var program = Repository.OutputOf(_appHost, $"{Path.GetFileName(_appHost)}.dll");
        var start = new ProcessStartInfo("dotnet", [program, arguments[0], "--as", Namespace, .. arguments[1..]]);
        foreach (var (name, value) in Variables(context))
        {
            start.Environment[name] = value;
        }

        if (kubeconfig is not null)
        {
            start.Environment["KUBECONFIG"] = kubeconfig;
        }

        return start;
    }

    /// <summary>What tells an AppHost which cluster, registry and base image to use.</summary>
    public static IEnumerable<(string Name, string? Value)> Variables(string context)
    {
        yield return ("Environments__personal__Context", context);
        yield return ("Environments__personal__Registry", Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY"));
        if (Environment.GetEnvironmentVariable("MONOREPO_TEST_BASE_IMAGE") is { Length: > 0 } image)
        {
            yield return ("Images__BaseImage", image);
        }
    }

    /// <summary>Creates an object.</summary>
    public Task CreateAsync(string yaml) => Cluster.CreateAsync(Yaml(yaml), TestContext.Current.CancellationToken);

    /// <summary>Sets fields of an object as somebody else does.</summary>
    public Task SetAsync(string manager, string yaml) =>
        Cluster.ApplyAsync(
            [Yaml(yaml)], new() { Manager = manager, ForceConflicts = true }, TestContext.Current.CancellationToken);

    /// <summary>An object, such as <c>Deployment.apps/one</c>; null: there is none.</summary>
    internal async Task<YamlMap?> FindAsync(string one)
    {
        var kind = ResourceKind.Parse(one.Split('/')[0]);
        return (await Cluster.GetAsync(
            ObjectQuery.Of(new ObjectKey(kind.Group, kind.Kind, one.Split('/')[1])), TestContext.Current.CancellationToken))
                .FirstOrDefault();
    }

    /// <summary>A field of an object; null: there is none.</summary>
    public async Task<string?> ValueAsync(string one, params string[] path) => (await FindAsync(one))?.TextAt(path);

    /// <summary>Objects of some kinds, such as <c>Deployment.apps</c>.</summary>
    internal Task<IReadOnlyList<YamlMap>> GetAsync(params IEnumerable<string> kinds) =>
        Cluster.GetAsync(ObjectQuery.OfKinds(kinds.Select(ResourceKind.Parse)), TestContext.Current.CancellationToken);

    /// <summary>
    /// Kind, name and spec of all objects that an apply makes: what may not change where nothing is to change. How many pods
    /// there are is the autoscaler's.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> SpecsAsync() =>
        (await GetAsync(
            "Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "Service", "ServiceAccount",
            "NetworkPolicy.networking.k8s.io", "PodDisruptionBudget.policy"))
        .ToDictionary(
            o => $"{o.Text("kind")}/{o.TextAt("metadata", "name")}",
            o =>
            {
                var spec = o.Map("spec") ?? [];
                spec["replicas"] = null;
                return $"{o.TextAt("metadata", "uid")} {JsonNodes.Write(spec)}";
            });

    /// <summary>
    /// Whether every namespace gets such an object by itself: <c>kube-root-ca.crt</c>, <c>openshift-service-ca.crt</c>,
    /// <c>default</c>.
    /// </summary>
    public static bool IsOfEveryNamespace(string name) => name == "default" || name.EndsWith("-ca.crt", StringComparison.Ordinal);

    /// <summary>Names of the objects of some kinds, without those that every namespace has.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(params IEnumerable<string> kinds) =>
        [.. (await GetAsync(kinds)).Select(o => o.TextAt("metadata", "name")!).Where(n => !IsOfEveryNamespace(n))
        .Order(StringComparer.Ordinal)];

    /// <summary>Waits until all Deployments are available.</summary>
    public async Task ReadyAsync() => Assert.True((await WaitAsync(await GetAsync("Deployment.apps"), s_timeout)).IsReady);

    /// <summary>Waits for objects as <c>apply</c> does.</summary>
    internal Task<RolloutResult> WaitAsync(IReadOnlyList<YamlMap> objects, TimeSpan timeout) =>
        new RolloutWaiter(Cluster, new PlainRolloutView(TextWriter.Null), TimeProvider.System).WaitAsync(
            objects, new() { Timeout = timeout }, TestContext.Current.CancellationToken);

    /// <summary>What the pods of a resource have written.</summary>
    public async Task<string> LogAsync(string resource)
    {
        var reader = new LogReader(Cluster);
        var sources = await reader.SourcesAsync($"app.kubernetes.io/name={resource}", TestContext.Current.CancellationToken);
        return string.Join('\n', await reader.ReadAsync(sources, LogSelection.All, TestContext.Current.CancellationToken)
            .Select(l => l.Text).ToListAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, string what) =>
        Eventually.HoldsAsync(condition, () => $"Still not: {what}.", interval: 500, s_timeout);

    /// <summary>An object.</summary>
    internal static YamlMap Yaml(string text) => (YamlMap)Assert.Single(YamlReader.ReadAll(text));

    public async ValueTask DisposeAsync()
    {
        await Cluster.DeleteAsync([new("", "Namespace", Namespace)], new(), CancellationToken.None);
        Cluster.Dispose();
    }
}
