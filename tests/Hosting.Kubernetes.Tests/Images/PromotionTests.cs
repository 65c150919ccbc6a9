using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Commands;
using MonoRepo.Hosting.Kubernetes.Comparison;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

public sealed class PromotionTests : IDisposable
{
    private static readonly string s_old = "sha256:" + new string('a', 64);
    private static readonly string s_new = "sha256:" + new string('b', 64);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void APromotionIsADiffOfTwoLinesInOneFile()
    {
        foreach (var environment in (string[])["dev", "staging"])
        {
            var pins = ImagePins.Read(_folder.Path, environment);
            pins.Set("catalog", s_old);
            pins.Set("frontend", s_old);
            pins.Write(_folder.Path, environment);
        }

        var dev = ImagePins.Read(_folder.Path, "dev");
        dev.Set("catalog", s_new);
        dev.Write(_folder.Path, "dev");
        var before = Files();
        var staging = ImagePins.Read(_folder.Path, "staging");
        var plan = PinPlan.Of(
            [new("catalog", null, true), new("frontend", null, true), new("redis", "8", false)], dev.Digests, staging);
        Assert.Equal([new PinChange("catalog", s_old, s_new)], plan.Changes);
        Assert.Equal(["redis"], plan.Missing.Select(m => m.Name));

        plan.Write(staging, _folder.Path, "staging");
        var changed = Files().Where(f => before[f.Key] != f.Value).ToList();
        var (path, text) = Assert.Single(changed);
        Assert.Equal("overlays/staging/images/catalog.yaml", path);
        var (old, now) = (before[path].Split('\n'), text.Split('\n'));
        Assert.Equal(["  digest: " + s_old], old.Except(now));
        Assert.Equal(["  digest: " + s_new], now.Except(old));
    }

    [Theory]
    [InlineData("pass", null)]
    [InlineData(
        null,
        "web: {0} was not judged. Run `canary start frontend --env prod --image {0}`, then `canary judge frontend --env prod`.")]
    [InlineData(
        "fail", "web: {0} was judged 'fail' in 'dev'. Run `canary start frontend --env prod --image {0}`, then `canary judge " +
        "frontend --env prod`.")]
    public void AfterCanary_TakesWhatHasPassed(string? verdict, string? problem)
    {
        static (string, ActivityEntry) Judged(string digest, string verdict) =>
            ("dev", new(DateTimeOffset.UnixEpoch, "canary judge", verdict) { Images = [new("frontend", "web", null, digest)] });
        (string, ActivityEntry)[] verdicts = verdict is null
            ? [Judged(s_old, "pass")]
            : [Judged(s_old, "pass"), Judged(s_new, verdict)];
        var expected = problem is null ? null : string.Format(System.Globalization.CultureInfo.InvariantCulture, problem, s_new);
        Assert.Equal(expected, JudgedImages.FindProblem(new("web", s_old, s_new), "frontend", "prod", verdicts));
        Assert.StartsWith(
            "redis: no Deployment of 'prod' runs it",
            JudgedImages.FindProblem(new("redis", s_old, "sha256:0"), null, "prod", verdicts), StringComparison.Ordinal);
    }

    [Fact]
    public void NothingBehindWritesNothing()
    {
        var pins = ImagePins.Read(_folder.Path, "dev");
        pins.Set("catalog", s_old);
        PinPlan.Of([new("catalog", null, true)], pins.Digests, pins).Write(pins, _folder.Path, "dev");
        Assert.Empty(Files());
    }

    [Fact]
    public void UsedImagesAreThoseOfTheEnvironmentWithoutItsRegistry()
    {
        var model = Shop.Create().Model;
        var files = new Renderer(ManifestTree.InMemory(Publication.Build(model), _folder.Path));
        var images = files.FindImages("prod", []);
        Assert.Contains(new UsedImage("catalog", null, true), images);
        Assert.Contains(images, i => i is { IsBuiltHere: false, Tag: not null });
        Assert.Equal(["catalog"], files.FindImages("prod", ["catalog"]).Select(i => i.Name));
    }

    [Fact]
    public void ComparisonShowsPinsReplicasAndOnlySettingsThatDiffer()
    {
        var pins = ImagePins.Read(_folder.Path, "dev");
        pins.Set("catalog", s_old);
        pins.Write(_folder.Path, "dev");
        var comparison = EnvironmentComparison.Create(
            ManifestTree.InMemory(Publication.Build(Shop.Create().Model), _folder.Path),
            [("dev", "k3d-shop", "dev", null), ("prod", "prod", "shop", null)]);
        Assert.Equal(["dev", "prod"], comparison.Environments.Select(e => e.Name));
        Assert.Equal(1, comparison.Environments[0].Pinned);
        var catalog = Assert.Single(comparison.Pins, p => p.Subject == "catalog");
        Assert.Equal((s_old, "not pinned"), (catalog.Values["dev"], catalog.Values["prod"]));
        Assert.NotEmpty(comparison.Replicas);
        Assert.NotEmpty(comparison.Settings);
        Assert.All(comparison.Settings, s => Assert.True(s.IsDifferent, s.Subject));
    }

    [Theory]
    [InlineData("personal", "")]
    [InlineData("dev", "localhost:5000/catalog")]
    [InlineData("staging", "docker.io/library/nginx:1, localhost:5000/catalog")]
    public void OnlyPersonalTakesWhatIsBuiltHereWithoutADigest(string environment, string refused)
    {
        var error =
            Record.Exception(() => PinRule.ThrowIfUnpinned(environment, ["docker.io/library/nginx:1", "localhost:5000/catalog"]));
        Assert.Equal(refused.Length > 0, error is not null);
        Assert.True(
            error is null || error.Message.Contains($"these have none: {refused}.", StringComparison.Ordinal), error?.Message);
    }

    [Fact]
    public void PublishLeavesFilesOfPeople()
    {
        _folder.Write("k3d.yaml", "kind: Simple\n");
        _folder.Write("registries.yaml", "mirrors: {}\n");
        OwnedFiles.Write(_folder.Path, Publication.Build(Shop.Create().Model));
        OwnedFiles.Write(_folder.Path, Publication.Build(new TestGraph().Model));
        Assert.Equal("kind: Simple\n", Files()["k3d.yaml"]);
        Assert.Equal("mirrors: {}\n", Files()["registries.yaml"]);
    }

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string> Files() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(_folder.Path, f), File.ReadAllText);
}
