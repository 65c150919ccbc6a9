using MonoRepo.Hosting.Kubernetes.Overlays;
using MonoRepo.Hosting.Kubernetes.Picture;

namespace MonoRepo.Tests;

public sealed class GoldenTests
{
    private static readonly string s_goldens = Repository.PathOf("tests", "Hosting.Kubernetes.Tests", "Goldens");

    [Fact]
    public void PublishedTreeIsAsReviewed() =>
        GoldenTree.AssertMatches(Path.Combine(s_goldens, "shop"), Publication.Build(Shop.Create().Model).Generated);

    [Fact]
    public void PicturesAreAsReviewed()
    {
        var picture = GraphPicture.Of(Shop.Create().Model);
        GoldenTree.AssertMatches(
            Path.Combine(s_goldens, "graph"), GraphPicture.Formats.ToDictionary(f => $"graph.{f}", picture.Draw));
    }

    [Fact]
    public void LiveCalls_AreDrawnOnTheEdges_AndThoseOfTheGraphsOutsideBesideThem()
    {
        var picture = GraphPicture.Of(Shop.Create().Model);
        var edge = picture.Draw("dot").Split('\n').First(line => line.Contains("->", StringComparison.Ordinal)).Split('"');

        var live = picture.With(new Dictionary<(string, string), LiveCalls>
        {
            [(edge[1], edge[3])] = new(12.5, 0.0025, 4.5),
            [("grpcurl", edge[3])] = new(1, 0, null),
        });

        Assert.Contains(
            $"  {edge[1]} -->|\"{edge[5]}<br/>12.5/s, 0.25 % errors, p99 4.5 ms\"| {edge[3]}\n", live.Draw("mermaid"),
            StringComparison.Ordinal);
        Assert.Contains($"  grpcurl -->|\"1/s\"| {edge[3]}\n", live.Draw("mermaid"), StringComparison.Ordinal);
        Assert.Contains(
            $"\"{edge[1]}\" -> \"{edge[3]}\" [label=\"{edge[5]}\\n12.5/s, ", live.Draw("dot"), StringComparison.Ordinal);
        Assert.Contains("\"perSecond\": 12.5", live.Draw("json"), StringComparison.Ordinal);
    }

    [Fact]
    public void PublishingTwiceGivesTheSameBytes()
    {
        var first = Publication.Build(Shop.Create().Model).Generated;
        var second = Publication.Build(Shop.Create().Model).Generated;
        Assert.Equal(first, second);
    }
}
