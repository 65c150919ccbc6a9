using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Lowering;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

public sealed class RenderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("personal")]
    [InlineData("dev")]
    [InlineData("staging")]
    [InlineData("prod")]
    public async Task RenderEqualsKustomizeObjectByObject(string environment)
    {
        var graph = Shop.Create();
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        await AssertEqualAsync(graph, environment);
    }

    [Fact]
    public async Task PinsAndPatchesRenderAsKustomizeDoes()
    {
        var graph = Shop.Create();
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        var pins = ImagePins.Read(_folder.Path, "prod");
        pins.Set("catalog", "sha256:" + new string('a', 64));
        pins.Set("redis", "sha256:" + new string('b', 64));
        pins.Write(_folder.Path, "prod");
        _folder.Write("overlays/prod/patches/kustomization.yaml", """
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            patches:
            - path: frontend.yaml
            - target: {kind: Deployment, name: cat.*}
              patch: |
                - {op: add, path: /metadata/labels/team, value: blue}
                - {op: replace, path: /spec/revisionHistoryLimit, value: 7}
            """);
        _folder.Write("overlays/prod/patches/frontend.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: frontend}
            spec:
              template:
                spec:
                  tolerations: [{key: gpu, operator: Exists}]
                  containers:
                  - name: frontend
                    env: [{name: EXTRA, value: "1"}]
                  - name: proxy
                    image: envoy:1
            """);
        var rendered = await AssertEqualAsync(graph, "prod");
        Assert.Empty(rendered.Remarks);
        Assert.DoesNotContain("registry.example.org/shop/catalog", rendered.UnpinnedImages);
        Assert.Contains("registry.example.org/shop/frontend", rendered.UnpinnedImages);
    }

    [Fact]
    public async Task ANewPinOfItsImageRenamesAJobAndNoOther()
    {
        var graph = Shop.Create();
        graph.AddResource(new ProjectResource("index")).PublishAsJob();
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        var unpinned = JobNames(await AssertEqualAsync(graph, "prod"));
        Assert.Equal(["index-", "migrate-"], unpinned.Select(n => n[..(n.IndexOf('-') + 1)]));

        Pin("migrate", 'a');
        var pinned = JobNames(await AssertEqualAsync(graph, "prod"));
        Assert.NotEqual(unpinned[1], pinned[1]);
        Assert.Equal(unpinned[0], pinned[0]);

        Pin("migrate", 'b');
        Pin("catalog", 'b');
        var renewed = JobNames(await AssertEqualAsync(graph, "prod"));
        Assert.NotEqual(pinned[1], renewed[1]);
        Assert.Equal(unpinned[0], renewed[0]);

        void Pin(string image, char digit)
        {
            var pins = ImagePins.Read(_folder.Path, "prod");
            pins.Set(image, "sha256:" + new string(digit, 64));
            pins.Write(_folder.Path, "prod");
        }

        static List<string> JobNames(RenderedEnvironment rendered) =>
            [.. rendered.Objects.Where(o => o.Text("kind") == "Job").Select(o => o.Map("metadata")!.Text("name")!)
            .Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void PatchesThatMatchNothingOrTouchAHashedConfigMapAreReported()
    {
        var graph = Shop.Create();
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        _folder.Write("overlays/dev/patches/kustomization.yaml", """
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            patches:
            - target: {kind: Deployment, name: gone}
              patch: "[{op: remove, path: /spec/replicas}]"
            - patch: |
                {apiVersion: v1, kind: ConfigMap, metadata: {name: catalog}, data: {Cache__Size: "1"}}
            """);
        var remarks = new Renderer(ManifestTree.Open(_folder.Path)).Render("dev").PatchRemarks;
        Assert.Collection(remarks,
            r => Assert.Contains("there is no Deployment 'gone'", r),
            r => Assert.Contains("changes the ConfigMap 'catalog'", r));
    }

    [Theory]
    [InlineData("")]
    [InlineData("spec")]
    [InlineData("/spec/none/1")]
    public void AnOperationThatCannotBeDoneIsNamed(string path)
    {
        OwnedFiles.Write(_folder.Path, Publication.Build(Shop.Create().Model));
        _folder.Write("overlays/dev/patches/kustomization.yaml", $$"""
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            patches:
            - target: {kind: Deployment, name: catalog}
              patch: '[{op: replace, path: "{{path}}", value: 1}]'
            """);
        var refused = Assert.Throws<DeployException>(() => new Renderer(ManifestTree.Open(_folder.Path)).Render("dev"));
        Assert.Equal(
            $"overlays/dev/patches/kustomization.yaml: cannot replace '{path}' in Deployment 'catalog'.", refused.Message);
    }

    [Theory]
    [InlineData("patches: foo", "'patches' has to be a list of patches, each with path or patch.")]
    [InlineData("patches: [foo]", "'patches' has to be a list of patches, each with path or patch.")]
    [InlineData("resources: {a: b}", "'resources' has to be a list of names of files.")]
    [InlineData(
        "patches: [{patch: '{spec: {}}'}]",
        "a patch is a list of operations with a target, or has apiVersion, kind and metadata.name.")]
    [InlineData(
        "patches: [{target: {kind: Deployment}, patch: foo}]",
        "a patch is a list of operations with a target, or has apiVersion, kind and metadata.name.")]
    [InlineData(
        "patches: [{target: {kind: 'State('}, patch: '[]'}]", "the target's 'State(' isn't a regular expression.")]
    [InlineData(
        "patches: [{target: {kind: Deployment, name: catalog}, patch: '[{op: remove, path: /metadata}]'}]",
        "changes the kind or name of Deployment 'catalog', which a patch may not.")]
    [InlineData(
        "patches: [{target: {kind: Deployment, name: catalog}, patch: '[{op: replace, path: /metadata, value: x}]'}]",
        "changes the kind or name of Deployment 'catalog', which a patch may not.")]
    [InlineData(
        "patches: [{target: {kind: Deployment, name: catalog}, patch: '[{op: copy, path: /spec}]'}]",
        "each operation of a JSON patch needs a path and an op: add, replace, remove or test.")]
    [InlineData(
        "patches: [{target: {kind: Deployment, name: catalog}, patch: '[1]'}]",
        "each operation of a JSON patch needs a path and an op: add, replace, remove or test.")]
    public void APatchThatIsNoneIsRefusedInOneLine(string patches, string message)
    {
        OwnedFiles.Write(_folder.Path, Publication.Build(Shop.Create().Model));
        const string File = "overlays/dev/patches/kustomization.yaml";
        _folder.Write(File, $"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n{patches}\n");
        var refused = Assert.Throws<DeployException>(() => new Renderer(ManifestTree.Open(_folder.Path)).Render("dev"));
        Assert.Equal($"{File}: {message}", refused.Message);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("[a]")]
    [InlineData("{apiVersion: v1, kind: ConfigMap}")]
    public void AResourceThatIsNoObjectIsRefusedInOneLine(string document)
    {
        OwnedFiles.Write(_folder.Path, Publication.Build(Shop.Create().Model));
        _folder.Write("overlays/dev/patches/kustomization.yaml", "resources: [x.yaml]");
        _folder.Write("overlays/dev/patches/x.yaml", document);
        var refused = Assert.Throws<DeployException>(() => new Renderer(ManifestTree.Open(_folder.Path)).Render("dev"));
        Assert.Equal(
            "overlays/dev/patches/x.yaml: each document needs apiVersion, kind and metadata.name.", refused.Message);
    }

    [Fact]
    public void PersonalIsSubstitutedInMemory()
    {
        var graph = Shop.Create();
        OwnedFiles.Write(_folder.Path, Publication.Build(graph.Model));
        var digest = "sha256:" + new string('c', 64);
        var rendered = new Renderer(ManifestTree.Open(_folder.Path)).Render(
            "personal", new("jane-doe", new Dictionary<string, string> { ["catalog"] = digest }));
        Assert.All(rendered.Objects, o => Assert.Equal("jane-doe", o.Map("metadata")!.Text("namespace")));
        Assert.Contains(rendered.Objects.SelectMany(ImageFields.Of), i => i == $"catalog@{digest}");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<RenderedEnvironment> AssertEqualAsync(TestGraph graph, string environment)
    {
        var rendered = new Renderer(ManifestTree.Open(_folder.Path)).Render(environment);
        Assert.Equal(ManifestText.Of(rendered.Objects), ManifestText.Of(graph.Model.Render(environment, _folder.Path).Objects));
        var text = await Tools.KustomizeAsync(Path.Combine(_folder.Path, Layout.Overlay(environment)));
        var expected = YamlReader.ReadAll(text).Cast<YamlMap>().ToDictionary(Name);
        var actual = rendered.Objects.ToDictionary(Name);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, one) in expected)
        {
            Assert.True(YamlNode.DeepEquals(one, actual[name]), UnifiedDiff.Between(
                name, YamlWriter.ToText(Sorted(one)), YamlWriter.ToText(Sorted(actual[name]))));
        }

        await Tools.ValidateAsync(text);
        return rendered;
    }

    private static YamlNode Sorted(YamlNode node)
    {
        if (node is YamlList list)
        {
            return new YamlList(list.Select(Sorted));
        }

        if (node is not YamlMap map)
        {
            return node;
        }

        var sorted = new YamlMap();
        foreach (var (key, value) in map.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            sorted.Add(key, Sorted(value));
        }

        return sorted;
    }

    private static string Name(YamlMap one) => $"{one.Text("kind")}/{one.Map("metadata")!.Text("name")}";
}
