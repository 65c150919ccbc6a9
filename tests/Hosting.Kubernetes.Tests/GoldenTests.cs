using MonoRepo.Hosting.Kubernetes.Overlays;
using MonoRepo.Hosting.Kubernetes.Picture;

namespace MonoRepo.Tests;

public sealed class GoldenTests
{
    private static readonly string s_goldens = Repository.PathOf("tests", "Hosting.Kubernetes.Tests", "Goldens");

    [Fact]
    public void PublishedTreeIsAsReviewed() => GoldenTree.AssertMatches(Path.Combine(s_goldens, "shop"), Publication.Build(Shop.Create().Model).Generated);

    [Fact]
    public void PicturesAreAsReviewed()
    {
        var picture = GraphPicture.Of(Shop.Create().Model);
        GoldenTree.AssertMatches(Path.Combine(s_goldens, "graph"), GraphPicture.Formats.ToDictionary(f => $"graph.{f}", picture.Draw));
    }

    [Fact]
    public void PublishingTwiceGivesTheSameBytes()
    {
        var first = Publication.Build(Shop.Create().Model).Generated;
        var second = Publication.Build(Shop.Create().Model).Generated;
        Assert.Equal(first, second);
    }
}
