using System.Text.Json;
using System.Text.RegularExpressions;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.StatefulSets;

namespace MonoRepo.Tests;

/// <summary>The verbs, as a user calls them on the repository's own AppHost.</summary>
public sealed class AppHostTests : IDisposable
{
    internal static readonly string AppHost = Repository.OutputOf("AppHost", "AppHost.dll");
    private static readonly string s_integrations =
        Repository.OutputOf(Path.Combine("examples", "Integrations.AppHost"), "Integrations.AppHost.dll");

    // The types of aspire-8.0.json that the repository's graph has: required properties, then the others that there may be.
    private static readonly Dictionary<string, (string[] Required, string[] Allowed)> s_schema = new()
    {
        ["project.v0"] = (["type", "path"], ["args", "env", "bindings"]),
        ["container.v0"] = (
            ["type", "image"], ["entrypoint", "args", "connectionString", "env", "bindings", "bindMounts", "volumes"]),
        ["parameter.v0"] = (["type", "value", "inputs"], ["connectionString"]),
        ["value.v0"] = (["type", "connectionString"], []),
        // Aspire's own since 13: a parameter that is escaped for a URI.
        ["annotated.string"] = (["type", "value", "filter"], []),
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task TheCommittedTreeIsWhatTheGraphSays()
    {
        var run = await RunAsync("publish", "--check");
        run.Succeeded();
        Assert.Equal($"{Repository.PathOf("k8s")} is what the graph says.\n", run.Output);
    }

    [Fact]
    public async Task EveryCommittedOverlayIsValid()
    {
        foreach (var overlay in Directory.GetDirectories(Repository.PathOf("k8s", "overlays")))
        {
            await Tools.ValidateAsync(await Tools.KustomizeAsync(overlay));
        }
    }

    [Fact]
    public async Task OfficialIntegrations_Publish()
    {
        var run = await ProgramRun.RunAsync(
            new("dotnet", [s_integrations, "publish", "--output", _folder.Path]), TestContext.Current.CancellationToken);
        run.Succeeded();

        foreach (var environment in new[] { "personal", "prod" })
        {
            var text = ManifestText.Of(new Renderer(ManifestTree.Open(_folder.Path)).Render(environment).Objects);
            await Tools.ValidateAsync(text);
            Assert.Contains(environment == "prod" ? "CURRENCY: USD" : "CURRENCY: EUR", text);
            string[] composed =
            [
                "value: cache:6379,password=$(PARAMETER_CACHE_PASSWORD)",
                "value: redis://:$(PARAMETER_CACHE_PASSWORD__URI)@cache:6379",
                "value: redis://:$(PARAMETER_SESSIONS_PASSWORD)@sessions:6379", "key: cache-password.uri-encoded", "key: api-key",
                "value: postgresql://postgres:$(PARAMETER_POSTGRES_PASSWORD__URI)@postgres:5432/shop-database",
                "value: amqp://guest:$(PARAMETER_QUEUE_PASSWORD)@queue:5672",
            ];
            Assert.All(composed, value => Assert.Contains(value, text));
        }

        await Tools.ValidateAsync(await Tools.KustomizeAsync(Path.Combine(_folder.Path, "overlays", "prod")));
    }

    [Fact]
    public async Task CheckOfAStaleTreeExitsWith16AndADiff()
    {
        var published = await RunAsync("publish", "--output", _folder.Path);
        Assert.Equal(0, published.ExitCode);
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Length;
        Assert.Equal(
            $"Published {files} files for 4 environments to {_folder.Path}: {files} written, 0 deleted.\n", published.Output);
        var settings = Path.Combine(_folder.Path, "base", "routeguide-server.yaml");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace("minReplicas: 1", "minReplicas: 7"));
        var run = await RunAsync("publish", "--check", "--output", _folder.Path);
        Assert.Equal(16, run.ExitCode);
        Assert.Contains($"`dotnet run --project AppHost -- publish -o {_folder.Path}`", run.Error);
        Assert.Contains("-  minReplicas: 7\n+  minReplicas: 1\n", run.Output);
        Assert.Contains("minReplicas: 7", File.ReadAllText(settings));
    }

    [Fact]
    public async Task ProdIsNotRenderedWithoutDigests()
    {
        var refused = await RunAsync("render", "--env", "prod");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("docker.io/library/redis:8.0.2", refused.Error);
        var shown = await RunAsync("render", "--env", "prod", "--unpinned", "routeguide-client", "--deep");
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("kind: StatefulSet", shown.Output);
        Assert.DoesNotContain("image: todo-server", shown.Output);
        await Tools.ValidateAsync(shown.Output);
    }

    [Theory]
    [InlineData(1, "Step 'nosuch' not found in pipeline", "--operation", "publish", "--step", "nosuch")]
    [InlineData(
        2, "The environment 'nosuch' is unknown. Declared are: personal, dev, staging, prod.", "--operation", "publish", "--step",
        "render", "--environment", "nosuch")]
    [InlineData(2, "The environment 'nosuch' is unknown.", "render", "--environment", "nosuch")]
    [InlineData(1, "'prod' takes images by digest only", "--operation", "publish", "--step", "render", "--environment", "prod")]
    [InlineData(2, "Unrecognized option '--foo'.", "status", "--foo")]
    [InlineData(2, "Did you mean '--timeout'?", "apply", "one", "--tmieout", "5")]
    [InlineData(2, "'x' isn't a time.", "apply", "--timeout", "x")]
    [InlineData(2, "--timeout takes a time of 1 s or more.", "restart", "redis", "--timeout", "0")]
    [InlineData(2, "--limit takes a number of entries, 1 or more.", "history", "--limit", "0")]
    [InlineData(2, "'dev' has no resource 'nosuch'. It has: ", "render", "--env", "dev", "nosuch")]
    [InlineData(2, "'personal' has no resource 'todo-servr'. It has: ", "diff", "todo-servr")]
    [InlineData(2, "'personal' has no resource 'todo-servr'. It has: ", "apply", "todo-servr")]
    [InlineData(2, "'personal' has no resource 'nosuch'. It has: ", "restore", "nosuch")]
    [InlineData(2, "'personal' has no resource 'nosuch'. It has: ", "rollback", "nosuch")]
    [InlineData(2, "'redis:99999' isn't a resource with a local port. Use a value such as ", "port-forward", "redis:99999")]
    [InlineData(2, "'foo' has no digest. Use a value such as ", "canary", "start", "todo-server", "--image", "foo")]
    [InlineData(
        2, "'sha256:abc' isn't a digest. Use sha256: and 64 hexadecimal digits.", "canary", "start", "todo-server", "--image",
        "sha256:abc")]
    [InlineData(2, "Unrecognized option '--bogus'.", "exec", "redis", "--bogus", "ls")]
    [InlineData(2, "Unrecognized option '--bogus'.", "exec", "--bogus", "redis", "--", "ls")]
    [InlineData(2, "'Bad_NS' isn't a namespace. Use ", "render", "redis", "-n", "Bad_NS")]
    [InlineData(2, "--from and --to name the same environment.", "promote", "--to", "prod", "--from", "prod")]
    [InlineData(2, "--to-revision takes the number of a revision, 1 or more.", "rollback", "--to-revision", "x")]
    [InlineData(2, "--tail takes a number of lines, 0 or more; -1 is all.", "logs", "--tail", "x")]
    [InlineData(2, "--weight takes a percentage, from 1 to 99.", "canary", "start", "redis", "--tag", "a", "--weight", "x")]
    [InlineData(2, "'x' isn't a value of --format. Use one of: mermaid, dot, json.", "graph", "--format", "x")]
    [InlineData(2, "'xml' isn't a value of --output. Use one of: text, wide, json, yaml.", "status", "-o", "xml")]
    [InlineData(2, "--output takes a folder, such as k8s.", "publish", "-o", "")]
    [InlineData(1, "Can't write to the folder /proc/x: ", "publish", "-o", "/proc/x")]
    [InlineData(1, "Can't write to the folder /etc/passwd/x: ", "publish", "-o", "/etc/passwd/x")]
    [InlineData(
        2, "'dev' has no resource 'nosuch'. It has: ",
        "--operation", "publish", "--step", "render", "--environment", "dev", "nosuch")]
    [InlineData(2, "The steps are listed by the aspire command", "--operation", "publish", "--list-steps", "true")]
    public async Task WrongWords_AreRefusedInOneLine(int exitCode, string message, params string[] words)
    {
        var run = await RunAsync(words);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.DoesNotContain("System.", run.Error);
        Assert.Equal(exitCode == 2, run.Error.Contains("Use --help to see what there is.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_ShowsOptionalArguments_AndDefaultsAsTheyAreTyped()
    {
        var root = (await RunAsync("--help")).Output;
        Assert.Matches(@"\n  apply \[<resource>\.\.\.\] +Bring ", root);
        Assert.DoesNotMatch(@"\n  (apply|port-forward|environments) <", root);
        Assert.Matches(@"\n  token <service> +Print ", root);
        Assert.Matches(@"--timeout <time> .*\[default: 5m\]", (await RunAsync("apply", "--help")).Output);
    }

    [Fact]
    public async Task Steps_DoWhatTheCommandsDo()
    {
        var folder = Path.Combine(_folder.Path, "out");
        var run = await RunAsync("--operation", "publish", "--step", "publish", "--output-path", folder);
        run.Succeeded();
        File.AppendAllText(Path.Combine(folder, "base", "redis.env"), "A=1\n");
        run = await RunAsync("--operation", "publish", "--step", "publish-k8s", "--output-path", folder, "--check");
        Assert.Equal(16, run.ExitCode);
        Assert.Contains("-A=1", run.Output);

        run = await RunAsync(
            "--operation", "publish", "--step", "render", "--environment", "prod", "--output-path", folder, "--unpinned",
            "redis");
        run.Succeeded();
        Assert.Equal(
            (await RunAsync("render", "--env", "prod", "--unpinned", "redis")).Output,
            File.ReadAllText(Path.Combine(folder, "prod.yaml")));
    }

    [Theory]
    [InlineData("--publisher", "manifest")]
    [InlineData("--step", "publish-manifest")]
    public async Task AspiresOwnArgumentsWriteTheManifest(string argument, string value)
    {
        var run = await RunAsync("--operation", "publish", argument, value, "--output-path", _folder.Path);
        run.Succeeded();
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, "aspire-manifest.json")));
        var resources = manifest.RootElement.GetProperty("resources");
        Assert.All(resources.EnumerateObject(), r => AssertSchema(r.Value));
        var grpc = resources.GetProperty("todo-server").GetProperty("bindings").GetProperty("grpc");
        Assert.Equal(("http2", 8081), (grpc.GetProperty("transport").GetString(), grpc.GetProperty("targetPort").GetInt32()));
        // Every expression names a resource of the manifest; the members of the Redis Cluster are for the reader to bring.
        var names = Regex.Matches(resources.GetRawText(), @"\{([a-z0-9-]+)\.[a-zA-Z.]+\}").Select(m => m.Groups[1].Value);
        Assert.Equal(
            ["redis-0", "redis-1", "redis-2"], names.Distinct().Where(n => !resources.TryGetProperty(n, out _)).Order());
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertSchema(JsonElement resource)
    {
        var (required, allowed) = s_schema[resource.GetProperty("type").GetString()!];
        Assert.All(required, name => resource.GetProperty(name));
        Assert.All(resource.EnumerateObject(), p => Assert.Contains(p.Name, required.Concat(allowed)));
        Assert.All(Members("env"), v => Assert.Equal(JsonValueKind.String, v.Value.ValueKind));
        foreach (var binding in Members("bindings").Select(b => b.Value))
        {
            Assert.Contains(binding.GetProperty("scheme").GetString(), (string[])["http", "https", "tcp", "udp"]);
            Assert.Contains(binding.GetProperty("protocol").GetString(), (string[])["tcp", "udp"]);
            Assert.Contains(binding.GetProperty("transport").GetString(), (string[])["http", "http2", "tcp"]);
            Assert.All(binding.EnumerateObject(), p =>
                Assert.Contains(p.Name, (string[])["scheme", "protocol", "transport", "external", "port", "targetPort"]));
        }

        IEnumerable<JsonProperty> Members(string name) =>
            resource.TryGetProperty(name, out var members) ? members.EnumerateObject() : [];
    }

    private static Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.RunAsync(new("dotnet", [AppHost, .. arguments]), TestContext.Current.CancellationToken);
}
