using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.GitOps;

/// <summary>
/// Where the deployer remembers what it did: the ConfigMap <c>deployer-state</c> of the namespace, where people see it. Deleting
/// the ConfigMap lets a failed commit be tried again.
/// </summary>
internal sealed class DeployedCommitStore(IClusterClient cluster, string application)
{
    private const string Name = "deployer-state";
    private const string Manager = "monorepo-deployer";

    /// <summary>What is remembered; nothing where there is no ConfigMap.</summary>
    public async Task<DeployedCommit> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await cluster.GetAsync(ObjectQuery.Of(new ObjectKey("", "ConfigMap", Name)), cancellationToken);
        var data = found.FirstOrDefault()?.Map("data");
        return new(data?.Text("applied"), data?.Text("failed"), data?.Text("reason"));
    }

    public async Task WriteAsync(DeployedCommit commit, CancellationToken cancellationToken)
    {
        var labels = YamlMap.Of(KubernetesLabels.Labels("deployer", application));
        var data = new YamlMap();
        foreach (var (key, value) in new[] { ("applied", commit.Applied), ("failed", commit.Failed), ("reason", commit.Reason) })
        {
            if (value is not null)
            {
                data.Add(key, value);
            }
        }

        var map = new YamlMap().Add("apiVersion", "v1").Add("kind", "ConfigMap")
            .Add("metadata", new YamlMap().Add("name", Name).Add("namespace", cluster.Target.Namespace).Add("labels", labels))
            .Add("data", data);
        await cluster.ApplyAsync([map], new() { Manager = Manager }, cancellationToken);
    }
}

/// <summary>What the deployer remembers.</summary>
/// <param name="Applied">The last commit that worked; null: none yet.</param>
/// <param name="Failed">The commit after it that did not; it is not tried again.</param>
internal sealed record DeployedCommit(string? Applied, string? Failed, string? Reason);
