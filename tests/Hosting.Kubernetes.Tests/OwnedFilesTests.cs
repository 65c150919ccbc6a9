using Aspire.Hosting;
using MonoRepo.Deploy.Files;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

public sealed class OwnedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void RepublishingDeletesOnlyWhatItHadWritten()
    {
        OwnedFiles.Write(_folder.Path, Tree(("base/a.yaml", "a"), ("base/b.yaml", "b")));
        var mine = _folder.Write("base/mine.yaml", "mine");
        var written = OwnedFiles.Write(_folder.Path, Tree(("base/a.yaml", "a")));
        Assert.Equal(new WrittenFiles(Files: 2, Written: 1, Deleted: 1), written);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "base/b.yaml")));
        Assert.True(File.Exists(mine));
    }

    [Fact]
    public void AnIndexThatPointsElsewhereDeletesNothingThere()
    {
        using var other = new TemporaryFolder();
        var precious = other.Write("precious", "x");
        _folder.Write(OwnedFiles.IndexName, $"../{Path.GetFileName(other.Path)}/precious\n");
        OwnedFiles.Write(_folder.Path, Tree(("a", "a")));
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public void FilesOfOthersAreSeededOnceAndNeverOverwritten()
    {
        var graph = Shop.Create();
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        var patches = _folder.Write("overlays/prod/patches/kustomization.yaml", "mine");
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        Assert.Equal("mine", File.ReadAllText(patches));
        Assert.Equal("", OwnedFiles.Compare(_folder.Path, Publication.Build(graph.Model)));
    }

    [Fact]
    public void AChangeOfOneNumberIsADifferenceOfOneLineAndItsVersion()
    {
        var graph = new TestGraph();
        var service = graph.AddService("a").WithReplicas(2);
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        service.WithReplicas(3);
        var changes = OwnedFiles.Compare(_folder.Path, Publication.Build(graph.Model)).Split('\n')
            .Where(l => l is ['+' or '-', not '+' and not '-', ..]).Select(l => l[1..].Trim().Split(':')[0]);
        Assert.Equal(["monorepo/version", "monorepo/version", "replicas", "replicas"], changes);
    }

    [Fact]
    public void DifferencesAreShownAsDiffDoes()
    {
        var before = string.Concat(Enumerable.Range(1, 20).Select(i => $"{i}\n"));
        var after = before.Replace("\n10\n", "\nten\n").Replace("\n20\n", "\n");
        Assert.Equal("""
            --- a/f
            +++ b/f
            @@ -7,7 +7,7 @@
             7
             8
             9
            -10
            +ten
             11
             12
             13
            @@ -17,4 +17,3 @@
             17
             18
             19
            -20

            """, UnifiedDiff.Between("f", before, after));
        Assert.StartsWith("--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+x\n", UnifiedDiff.Between("f", "", "x\n"));
    }

    public void Dispose() => _folder.Dispose();

    private static FileTree Tree(params (string Path, string Text)[] files)
    {
        var tree = new FileTree();
        foreach (var (path, text) in files)
        {
            tree.Add(path, text);
        }

        return tree;
    }
}
