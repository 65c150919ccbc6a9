using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MonoRepo.Tests;

/// <summary>
/// A personal environment in a namespace that nobody else has, on whatever cluster KUBECONFIG names; it goes with all that is in it.
/// Images go to MONOREPO_TEST_REGISTRY, on MONOREPO_TEST_BASE_IMAGE if that is set; CustomResourceDefinitions come from MONOREPO_TEST_CRDS
/// if that is set.
/// </summary>
internal sealed class PersonalEnvironment : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly string _appHost;

    private PersonalEnvironment(string appHost, string context)
    {
        (_appHost, Context) = (appHost, context);
        var prefix = Environment.GetEnvironmentVariable("MONOREPO_TEST_PREFIX") ?? "e2e";
        Namespace = $"{prefix}-{Guid.NewGuid().ToString("N")[..8]}";
    }

    /// <summary>The context that was current at the start.</summary>
    public string Context { get; }

    /// <summary>Namespace and user.</summary>
    public string Namespace { get; }

    private static string Configuration =>
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>Makes one with the verb <c>setup</c> and the Secret that the graph needs, or skips the test.</summary>
    /// <param name="appHost">Folder of the AppHost.</param>
    /// <param name="secrets">Keys of the Secret <c>parameters</c>.</param>
    public static async Task<PersonalEnvironment> CreateAsync(string appHost, params string[] secrets)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("KUBECONFIG") is null or "", "KUBECONFIG names no cluster to deploy to.");
        Assert.SkipWhen(Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY") is null or "", "MONOREPO_TEST_REGISTRY names no registry that this machine and the cluster's nodes reach.");
        var context = await ProgramRun.OfAsync(new("kubectl", ["config", "current-context"]), TestContext.Current.CancellationToken);
        var environment = new PersonalEnvironment(appHost, context.Done().Trim());
        string[] definitions = Environment.GetEnvironmentVariable("MONOREPO_TEST_CRDS") is { Length: > 0 } folder ? ["--crds", folder] : [];
        (await environment.RunAsync(["setup", "--skip-operators", .. definitions])).Done();
        if (secrets.Length > 0)
        {
            await environment.KubectlAsync(["create", "secret", "generic", "parameters", .. secrets.Select(s => $"--from-literal={s}={Guid.NewGuid():N}")]);
        }

        return environment;
    }

    /// <summary>Runs a verb of the AppHost as a user does.</summary>
    public Task<ProgramRun> RunAsync(params string[] arguments) => RunAsync(null, null, arguments);

    /// <summary>Runs a verb and kills it when it writes a certain line.</summary>
    public Task<ProgramRun> RunAsync(Func<string, bool>? killAt, params string[] arguments) => RunAsync(killAt, null, arguments);

    /// <summary>Runs a verb as a user who has no rights in the cluster.</summary>
    public Task<ProgramRun> RunAsync(NobodyConfig nobody, params string[] arguments) => RunAsync(null, nobody, arguments);

    /// <summary>A kubeconfig for a service account of this namespace that nobody gave any rights.</summary>
    public async Task<NobodyConfig> NobodyAsync()
    {
        await KubectlAsync("create", "serviceaccount", NobodyConfig.User);
        var nobody = new NobodyConfig();
        await File.WriteAllTextAsync(nobody.Path, await KubectlAsync("config", "view", "--minify", "--flatten", "--raw"), TestContext.Current.CancellationToken);
        var cluster = await KubectlAsync("config", "view", "--minify", "-o", "jsonpath={.contexts[0].context.cluster}");
        await KubectlAsync("--kubeconfig", nobody.Path, "config", "set-credentials", NobodyConfig.User, "--token", await KubectlAsync("create", "token", NobodyConfig.User));
        await KubectlAsync("--kubeconfig", nobody.Path, "config", "set-context", NobodyConfig.User, "--cluster", cluster, "--user", NobodyConfig.User);
        await KubectlAsync("--kubeconfig", nobody.Path, "config", "use-context", NobodyConfig.User);
        return nobody;
    }

    private Task<ProgramRun> RunAsync(Func<string, bool>? killAt, NobodyConfig? nobody, string[] arguments)
    {
        var program = Path.Combine(Repository.Root, _appHost, "bin", Configuration, "net10.0", Path.GetFileName(_appHost) + ".dll");
        var start = new ProcessStartInfo("dotnet", [program, arguments[0], "--as", Namespace, .. arguments[1..]]);
        start.Environment["Environments__personal__Context"] = nobody is null ? Context : NobodyConfig.User;
        if (nobody is not null)
        {
            start.Environment["KUBECONFIG"] = nobody.Path;
        }

        start.Environment["Environments__personal__Registry"] = Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY");
        if (Environment.GetEnvironmentVariable("MONOREPO_TEST_BASE_IMAGE") is { Length: > 0 } image)
        {
            start.Environment["Images__BaseImage"] = image;
        }

        return ProgramRun.OfAsync(start, TestContext.Current.CancellationToken, killAt);
    }

    /// <summary>Asks the cluster, in this namespace.</summary>
    public async Task<string> KubectlAsync(params string[] arguments) => (await ProgramRun.OfAsync(
        new("kubectl", ["--context", Context, "--namespace", Namespace, .. arguments]), TestContext.Current.CancellationToken)).Done().TrimEnd();

    /// <summary>Objects as JSON.</summary>
    public async Task<IReadOnlyList<JsonElement>> GetAsync(string kinds) =>
        [.. JsonDocument.Parse(await KubectlAsync("get", kinds, "-o", "json")).RootElement.GetProperty("items").EnumerateArray()];

    /// <summary>Kind, name and spec of all objects that an apply makes: what may not change where nothing is to change. How many pods there are is the autoscaler's.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SpecsAsync() =>
        (await GetAsync("deployments,statefulsets,replicasets,services,serviceaccounts,networkpolicies,poddisruptionbudgets")).Select(o => JsonObject.Create(o)!)
        .ToDictionary(
            o => $"{o["kind"]}/{o["metadata"]!["name"]}",
            o =>
            {
                var spec = o["spec"]?.DeepClone().AsObject() ?? [];
                spec.Remove("replicas");
                return $"{o["metadata"]!["uid"]} {spec.ToJsonString()}";
            });

    /// <summary>Whether every namespace gets such an object by itself: <c>kube-root-ca.crt</c>, <c>openshift-service-ca.crt</c>, <c>default</c>.</summary>
    public static bool IsOfEveryNamespace(string name) => name == "default" || name.EndsWith("-ca.crt", StringComparison.Ordinal);

    /// <summary>Names of the objects of a kind, without those that every namespace has.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string kind) =>
        [.. (await GetAsync(kind)).Select(o => o.GetProperty("metadata").GetProperty("name").GetString()!).Where(n => !IsOfEveryNamespace(n)).Order(StringComparer.Ordinal)];

    /// <summary>Waits until all Deployments are available.</summary>
    public Task ReadyAsync() => KubectlAsync("wait", "--for=condition=Available", "deployment", "--all", $"--timeout={s_patience.TotalSeconds}s");

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < s_patience, $"After {s_patience.TotalMinutes} minutes still not: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await ProgramRun.OfAsync(
        new("kubectl", ["--context", Context, "delete", "namespace", Namespace, "--wait=false", "--ignore-not-found"]), CancellationToken.None);
}
