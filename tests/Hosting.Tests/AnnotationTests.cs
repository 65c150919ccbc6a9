using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

public sealed class AnnotationTests
{
    [Fact]
    public void WhoReadsSeesWhatThereWasWhileAnotherAdds()
    {
        ResourceAnnotationCollection annotations = [new Numbered(0), new Numbered(1)];
        var seen = new List<int>();
        foreach (var annotation in annotations.OfType<Numbered>())
        {
            annotations.Add(new Numbered(annotation.Number + 2));
            seen.Add(annotation.Number);
        }

        Assert.Equal([0, 1], seen);
        Assert.Equal([0, 1, 2, 3], annotations.OfType<Numbered>().Select(a => a.Number));
    }

    [Fact]
    public async Task NothingIsLostWhenManyAdd()
    {
        ResourceAnnotationCollection annotations = [];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                annotations.Add(new Numbered((worker * 200) + i));
            }
        })));

        Assert.Equal(Enumerable.Range(0, 1600), annotations.OfType<Numbered>().Select(a => a.Number).Order());
    }

    private sealed record Numbered(int Number) : IResourceAnnotation;
}
