using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Setup;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>
/// A graph to the files under <c>k8s/</c>. The base is the graph with its common settings; each environment is lowered by itself,
/// and its overlay is the difference between the two, so that no second way of writing objects can drift from the first.
/// </summary>
internal sealed class Publication
{
    private readonly PublishedModel _model;
    private readonly GraphLowering _common;
    private readonly IReadOnlyList<(EnvironmentFacts Facts, GraphLowering Lowering)> _environments;
    private readonly ValidationErrors _errors;

    private Publication(PublishedModel model, ValidationErrors errors, string? environment)
    {
        _model = model;
        _errors = errors;
        GraphValidation.Check(model, errors);
        _common = new(EnvironmentGraph.Read(model, EnvironmentFacts.Common, errors));
        _environments =
        [
            .. model.Environments.Where(e => environment is null || e.Name == environment).Select(EnvironmentFacts.Of)
                .Select(f => (f, new GraphLowering(EnvironmentGraph.Read(model, f, errors)))),
        ];
    }

    /// <summary>The files; pure: nothing is read or written but what resources mount.</summary>
    /// <param name="environment">The one environment that is wanted; null: all.</param>
    /// <exception cref="PublishException">The graph has errors; the message lists all of them.</exception>
    public static FileTree Build(PublishedModel model, string? environment = null)
    {
        var errors = new ValidationErrors();
        var publication = new Publication(model, errors, environment);
        errors.ThrowIfAny();
        var tree = publication.Build();
        errors.ThrowIfAny();
        return tree;
    }

    private FileTree Build()
    {
        var common = new FolderBuilder(Layout.Base);
        var overlays = _environments.Select(e => new FolderBuilder(Layout.Settings(e.Facts.Name!))).ToList();
        var (names, images) = (new ObjectNames(_errors), new ImageNames(_errors));
        var resources = _common.Resources.Concat(_environments.SelectMany(e => e.Lowering.Resources)).Distinct()
            .Order(StringComparer.Ordinal);
        // Resource by resource, on all cores and in order: memory holds the text of all and the objects of a few.
        foreach (var part in resources.AsParallel().AsOrdered().Select(Lower))
        {
            common.Append(part.Common);
            names.Add(part.Names);
            images.Add(part.Images);
            for (var i = 0; i < overlays.Count; i++)
            {
                overlays[i].Append(part.Overlays[i]);
            }
        }

        var tree = new FileTree();
        foreach (var (path, text) in common.Files.Concat(overlays.SelectMany(o => o.Files)))
        {
            tree.Add(path, text);
        }

        tree.Add($"{Layout.Base}/{Layout.Kustomization}", Kustomizations.Base(
            common.Resources, common.Generators, _model.Application));
        for (var i = 0; i < overlays.Count; i++)
        {
            AddOverlay(tree, _environments[i].Facts, overlays[i]);
        }

        return tree;
    }

    private Part Lower(string resource)
    {
        var shared = _common.Lower(resource, _errors);
        var names = new List<ObjectName>(ObjectNames.Of(null, shared));
        var images = new List<ImageUse>();
        var common = new FolderBuilder(Layout.Base);
        if (shared is not null)
        {
            common.AddObjects($"{resource}.yaml", shared.Objects);
            shared.ConfigMaps.ToList().ForEach(c => common.AddConfigMap(c, null));
        }

        var overlays = new List<FolderBuilder>();
        foreach (var (facts, lowering) in _environments)
        {
            var overlay = new FolderBuilder(Layout.Settings(facts.Name!));
            var own = lowering.IsAlike(resource, _common) ? shared : lowering.Lower(resource, _errors);
            names.AddRange(ObjectNames.Of(facts.Name, own));
            images.AddRange(ImageNames.Of(facts.Name!, own));
            OverlayDifference.Write(overlay, resource, shared, own);
            overlays.Add(overlay);
        }

        return new(common, overlays, names, images);
    }

    private void AddOverlay(FileTree tree, EnvironmentFacts environment, FolderBuilder overlay)
    {
        var (name, target) = (environment.Name!, environment.Target!);
        var images =
            target.Registry is { } registry ? overlay.Images.Distinct().Select(i => (i, $"{registry}/{i}")).ToList() : [];
        tree.Add($"{Layout.Overlay(name)}/{Layout.Kustomization}", Kustomizations.Overlay(
            target.Namespace, images, overlay.Jobs));
        if (overlay.Jobs.Count > 0)
        {
            tree.Add($"{Layout.Overlay(name)}/{Layout.JobNames}", Kustomizations.JobNames());
        }

        tree.Add($"{Layout.Overlay(name)}/namespace.yaml", NamespaceFile.Write(target.Namespace, _model.Application));
        if (environment.Deployer is { } deployer)
        {
            tree.Add($"{Layout.Overlay(name)}/deployer.yaml", DeployerFile.Write(environment, deployer, _model));
            if (deployer.Canary is { } canary)
            {
                var policy = new CanaryPolicy(canary.Weight, canary.JudgeFor, canary.LookEvery, canary.ApplyInconclusive);
                tree.Add($"{Layout.Overlay(name)}/{CanaryPolicy.FileName}", policy.Write());
            }
        }

        tree.Add(
            $"{Layout.Settings(name)}/{Layout.Kustomization}",
            Kustomizations.Settings(overlay.Resources, overlay.Patches, overlay.Generators, _model.Application));
        tree.Seed($"{Layout.Images(name)}/{Layout.Kustomization}", SeedKustomizations.Pins([]));
        tree.Seed($"{Layout.Patches(name)}/{Layout.Kustomization}", SeedKustomizations.EmptyPatches());
    }

    private sealed record Part(
        FolderBuilder Common, IReadOnlyList<FolderBuilder> Overlays, IReadOnlyList<ObjectName> Names,
        IReadOnlyList<ImageUse> Images);
}
