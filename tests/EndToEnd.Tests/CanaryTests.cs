using System.Diagnostics;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Setup;

namespace MonoRepo.Tests;

/// <summary>
/// Canaries on a cluster, judged by a Prometheus in it. What is judged is a program that serves the metrics of a service under
/// even load: what an equal candidate measures is the same, so that no test fails by chance, and a slower one is 30 ms slower.
/// </summary>
public sealed class CanaryTests
{
    private const string Graph = "tests/DeployedAppHost";
    private const string Candidate = "Deployment.apps/changing-canary";
    private const int Fast = 5;
    private const int Slow = 35;
    private static readonly string[] s_judge = ["--for", "80s", "--every", "5s"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnEqualCandidatePasses_AndASlowerOneFails()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        await AddPrometheusAsync(environment);
        using var project = new ChangingProject("Microsoft.NET.Sdk.Web");
        var (slow, equal) = (
            await BuildAsync(environment, project, Slow, "slow"), await BuildAsync(environment, project, Fast, "equal"));
        var current = await BuildAsync(environment, project, Fast, "current");
        var before = await environment.SpecsAsync();

        (await environment.RunAsync(["canary", "start", "changing", "--image", slow, "--weight", "50", .. project.Arguments]))
            .Succeeded();
        Assert.Matches(
            @"deployment/changing-canary +1/1 +\S*changing@\w+ ",
            (await environment.RunAsync(["status", .. project.Arguments])).Succeeded());
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", (await environment.RunAsync(["apply", .. project.Arguments]))
            .Succeeded(), StringComparison.Ordinal);
        Assert.Equal(slow, await DigestAsync(environment, Candidate));

        var failed = await environment.RunAsync(["canary", "judge", "changing", .. s_judge, .. project.Arguments]);
        Assert.True(failed.ExitCode == 1, failed.Output + failed.Error);
        Assert.Matches(@"latency p50 .* fail\n", failed.Output);
        (await environment.RunAsync(["canary", "abort", "changing", .. project.Arguments])).Succeeded();
        Assert.Equal(before, await environment.SpecsAsync());

        (await environment.RunAsync(["canary", "start", "changing", "--image", equal, "--weight", "50", .. project.Arguments]))
            .Succeeded();
        Assert.Contains(
            "pass: nothing is worse",
            (await environment.RunAsync(["canary", "judge", "changing", .. s_judge, .. project.Arguments])).Succeeded(),
            StringComparison.Ordinal);
        (await environment.RunAsync(["canary", "promote", "changing", .. project.Arguments])).Succeeded();
        Assert.Equal(equal, await DigestAsync(environment, "Deployment.apps/changing"));
        Assert.Null(await environment.FindAsync(Candidate));
        Assert.Matches(
            @"canary judge +pass [^\0]*canary judge +fail ",
            (await environment.RunAsync(["history", .. project.Arguments])).Succeeded());
        Assert.NotEqual(current, equal);
    }

    [Fact]
    public async Task TheDeployerTriesADigest_AndLeavesTheOldOneWhereItIsWorse()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        await AddPrometheusAsync(environment);
        using var project = new ChangingProject("Microsoft.NET.Sdk.Web");
        var (slow, equal, current) = (
            await BuildAsync(environment, project, Slow, "slow"), await BuildAsync(environment, project, Fast, "equal"),
            await BuildAsync(environment, project, Fast, "current"));
        (await environment.RunAsync(["delete", "--yes", .. project.Arguments])).Succeeded();
        using var folder = new TemporaryFolder();
        var repository = Path.Combine(folder.Path, "shop");
        await DeployerTests.GitAsync(folder.Path, "init", "--quiet", "--initial-branch=main", repository);

        using var account = await DeployerAccountAsync(environment);

        await CommitAsync(repository, environment, current);
        Assert.DoesNotContain("tries", (await DeployAsync()).Succeeded(), StringComparison.Ordinal);

        // Killed in the middle, it starts anew with the same candidate.
        var good = await CommitAsync(repository, environment, equal);
        var killed = await DeployAsync(line => line.Contains(": look 1 of ", StringComparison.Ordinal));
        Assert.Equal(equal, await DigestAsync(environment, Candidate));
        Assert.Equal(current, await DigestAsync(environment, "Deployment.apps/changing"));
        Assert.DoesNotContain("pass at look", killed.Output, StringComparison.Ordinal);
        var passed = (await DeployAsync()).Succeeded();
        Assert.Contains("deployment.apps/changing: pass at look 16 of 16.", passed, StringComparison.Ordinal);
        Assert.Equal(equal, await DigestAsync(environment, "Deployment.apps/changing"));
        Assert.Null(await environment.FindAsync(Candidate));

        var bad = await CommitAsync(repository, environment, slow);
        var failed = await DeployAsync();
        Assert.True(failed.ExitCode == 1, failed.Output + failed.Error);
        Assert.Matches(
            $@"{bad[..12]} does not work: the canary of deployment.apps/changing is worse: .*latency p50 \(s\) ", failed.Output);
        Assert.Contains($"Back to {good[..12]}.", failed.Output, StringComparison.Ordinal);
        Assert.Equal(equal, await DigestAsync(environment, "Deployment.apps/changing"));
        Assert.Null(await environment.FindAsync(Candidate));

        Task<ProgramRun> DeployAsync(Func<string, bool>? killAt = null) =>
            DeployerTests.DeployAsync(environment, folder.Path, repository, killAt, account);
    }

    /// <summary>An account with the rights that a deployer with a canary has in its namespace.</summary>
    private static async Task<NobodyConfig> DeployerAccountAsync(PersonalEnvironment environment)
    {
        var account = await environment.NobodyAsync();
        await environment.Cluster.CreateAsync(
            ModelSerializer.ToMap(new Role(new("deployer"), [.. DeployRole.Rules, DeployRole.PortForward])), Token);
        await environment.CreateAsync($$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: deployer}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
            subjects: [{kind: ServiceAccount, name: {{NobodyConfig.User}}}]
            """);
        return account;
    }

    private static Task<string> CommitAsync(string repository, PersonalEnvironment environment, string digest)
    {
        var overlay = Directory.CreateDirectory(Path.Combine(repository, "k8s", "overlays", "dev"));
        File.WriteAllText(
            Path.Combine(overlay.FullName, CanaryPolicy.FileName),
            new CanaryPolicy(50, TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(5), AppliesInconclusive: false).Write());
        return DeployerTests.CommitAsync(repository, environment.Namespace, digest, $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: changing
              labels: {app.kubernetes.io/name: changing}
              annotations: {monorepo/resource: changing}
            spec:
              replicas: 1
              selector:
                matchLabels: {app.kubernetes.io/name: changing}
              template:
                metadata:
                  labels: {app.kubernetes.io/name: changing}
                spec:
                  securityContext: {runAsNonRoot: true, runAsUser: 1654, seccompProfile: {type: RuntimeDefault} }
                  containers:
                  - name: changing
                    image: {{Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY")}}/changing@{{digest}}
                    resources: {requests: {cpu: 10m, memory: 32Mi} }
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]} }
            """);
    }

    private static async Task<string?> DigestAsync(PersonalEnvironment environment, string deployment) =>
        await environment.FindAsync(deployment) is { } found ? CanaryDeployment.ImageOf(found).Digest : null;

    /// <summary>As an operator would run it, and more often.</summary>
    private static async Task AddPrometheusAsync(PersonalEnvironment environment)
    {
        const string Settings = """
            global: {scrape_interval: 1s}
            scrape_configs:
            - job_name: pods
              kubernetes_sd_configs: [{role: pod, namespaces: {own_namespace: true}}]
              relabel_configs:
              - {source_labels: [__meta_kubernetes_pod_label_app_kubernetes_io_name], regex: changing, action: keep}
              - {source_labels: [__meta_kubernetes_pod_ip], target_label: __address__, replacement: "$1:8080"}
              - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
              - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
            """;
        await environment.CreateAsync("{apiVersion: v1, kind: ServiceAccount, metadata: {name: prometheus}}");
        await environment.CreateAsync(
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: prometheus}, rules: [{apiGroups: [''], " +
            "resources: [pods], verbs: [get, list, watch]}]}");
        await environment.CreateAsync("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: prometheus}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: prometheus}
            subjects: [{kind: ServiceAccount, name: prometheus}]
            """);
        await environment.CreateAsync(
            $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: prometheus}}\ndata:\n  prometheus.yml: |\n    " +
            $"{Settings.ReplaceLineEndings("\n    ")}\n");
        await environment.CreateAsync(
            "{apiVersion: v1, kind: Service, metadata: {name: prometheus}, spec: {selector: {app: prometheus}, ports: [{name: " +
            "http, port: 9090}]}}");
        await environment.CreateAsync(
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: open}, spec: {podSelector: {}, " +
            "policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}}");
        await environment.CreateAsync("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: prometheus}
            spec:
              selector: {matchLabels: {app: prometheus}}
              template:
                metadata: {labels: {app: prometheus}}
                spec:
                  serviceAccountName: prometheus
                  securityContext: {runAsNonRoot: true, runAsUser: 65534, seccompProfile: {type: RuntimeDefault}}
                  containers:
                  - name: prometheus
                    image: quay.io/prometheus/prometheus:v3.5.0
                    args: [--config.file=/etc/settings/prometheus.yml, --storage.tsdb.path=/data]
                    readinessProbe: {httpGet: {path: /-/ready, port: 9090}, periodSeconds: 1}
                    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                    volumeMounts: [{name: settings, mountPath: /etc/settings}, {name: data, mountPath: /data}]
                  volumes: [{name: settings, configMap: {name: prometheus}}, {name: data, emptyDir: {}}]
            """);
        await environment.ReadyAsync();
    }

    /// <summary>Applies a version of the project, so that the registry has its image.</summary>
    /// <returns>The image's digest.</returns>
    private static async Task<string> BuildAsync(
        PersonalEnvironment environment, ChangingProject project, int milliseconds, string version)
    {
        project.Write(
            $$$$""""
            // Version {{{{version}}}}.
            using System.Diagnostics;

            var start = Stopwatch.GetTimestamp();
            var app = WebApplication.CreateSlimBuilder(args).Build();
            app.MapGet("/metrics", () =>
            {
                var calls = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * 50);
                const string Labels = "grpc_method=\"shop.Shop/Buy\",grpc_type=\"unary\",grpc_status=\"OK\"";
                return $$"""
                    grpc_server_call_duration_seconds_bucket{{{Labels}},le="0.01"} {{({{{{milliseconds}}}} <= 10 ? calls : 0)}}
                    grpc_server_call_duration_seconds_bucket{{{Labels}},le="0.05"} {{calls}}
                    grpc_server_call_duration_seconds_bucket{{{Labels}},le="+Inf"} {{calls}}
                    grpc_server_call_duration_seconds_count{{{Labels}}} {{calls}}
                    dotnet_process_cpu_time_seconds_total {{calls}}

                    """;
            });
            app.Run("http://*:8080");
            """");
        (await environment.RunAsync(["apply", .. project.Arguments])).Succeeded();
        return (await DigestAsync(environment, "Deployment.apps/changing"))!;
    }
}
