using System.Text.RegularExpressions;

namespace MonoRepo.Tests;

/// <summary>Files of delivery that no compiler reads.</summary>
public sealed partial class DeliveryTests
{
    private static IEnumerable<string> Workflows => Directory.EnumerateFiles(Repository.PathOf(".github/workflows"), "*.yml");

    [Fact]
    public void ActionsArePinnedToACommit()
    {
        var uses = Workflows.SelectMany(File.ReadLines).Where(l => l.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(PinnedAction(), line));
    }

    [Fact]
    public void WorkflowsStateTheirPermissions() =>
        Assert.All(Workflows, path =>
            Assert.Contains(File.ReadLines(path), l => l.StartsWith("permissions:", StringComparison.Ordinal)));

    /// <summary>The name that manifests have is the port that the host has and the mirror that nodes have.</summary>
    [Fact]
    public void TheLocalRegistryHasOneNameEverywhere()
    {
        var cluster = File.ReadAllText(Repository.PathOf("k8s/k3d.yaml"));
        var mirrors = File.ReadAllText(Repository.PathOf("k8s/registries.yaml"));
        var overlay = File.ReadAllText(Repository.PathOf("k8s/overlays/personal/kustomization.yaml"));

        Assert.Contains("hostPort: \"5000\"", cluster, StringComparison.Ordinal);
        Assert.Contains("name: monorepo-registry\n", cluster, StringComparison.Ordinal);
        Assert.Contains("config: k8s/registries.yaml", cluster, StringComparison.Ordinal);
        Assert.Contains(
            "\"localhost:5000\":\n    endpoint:\n      - http://monorepo-registry:5000", mirrors, StringComparison.Ordinal);
        Assert.Contains("newName: localhost:5000/", overlay, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex PinnedAction();
}
