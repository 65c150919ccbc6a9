using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// What a command for one environment works with. Its files are those of <c>k8s/</c>, which are in git; for <c>personal</c> what
/// publish would write there now, so that a developer applies what the working tree says.
/// </summary>
internal sealed class EnvironmentContext
{
    private const int Shown = 3;

    private readonly Lazy<ManifestTree> _tree;
    private readonly Lazy<FileTree> _published;

    public EnvironmentContext(CommandContext command, EnvironmentTarget target, PublishedModel model)
    {
        Command = command;
        Target = target;
        Model = model;
        Root = PublishedGraph.Root(command);
        _published = new(() => Publication.Build(model, target.Environment));
        _tree = new(() => target.IsPersonal ? ManifestTree.InMemory(_published.Value, Root) : ManifestTree.Open(Root));
    }

    /// <summary>The command line and the services.</summary>
    public CommandContext Command { get; }

    /// <summary>Cluster, namespace and registry.</summary>
    public EnvironmentTarget Target { get; }

    /// <summary>The graph.</summary>
    public PublishedModel Model { get; }

    /// <summary>Folder <c>k8s</c>.</summary>
    public string Root { get; }

    /// <summary>The environment's files.</summary>
    public ManifestTree Tree => _tree.Value;

    /// <summary>Renders the files.</summary>
    /// <param name="selection">The resources; null: all.</param>
    /// <param name="digests">Digests of images that were built just now; null: as pinned.</param>
    public RenderedEnvironment Render(RenderSelection? selection = null, IReadOnlyDictionary<string, string>? digests = null) =>
        new Renderer(Tree).Render(Target.Environment, new(Target.Cluster.Namespace, digests, Target.OwnRegistry), selection);

    /// <summary>What is wrong where the graph would publish other files than those that are used; null: nothing.</summary>
    public string? FindOutdatedFiles()
    {
        if (Target.IsPersonal)
        {
            return null;
        }

        var paths = OwnedFiles.FindOutdated(Root, _published.Value, [Layout.Base, Layout.Overlay(Target.Environment)]);
        return paths.Count == 0
            ? null
            : $"{Path.GetFileName(Root)}/ isn't what the graph would publish for '{Target.Environment}': " +
            $"{string.Join(", ", paths.Take(Shown))}"
                + $"{(paths.Count > Shown ? $" and {paths.Count - Shown} more" : "")}. Run `publish` and commit the result";
    }

    /// <summary>Writes what is wrong with the files that are used: outdated ones, patches that match nothing.</summary>
    public async Task WarnAsync(RenderedEnvironment rendered)
    {
        await WriteRemarksAsync(rendered);
        if (FindOutdatedFiles() is { } outdated)
        {
            await Command.Error.WriteLineAsync($"warning: {outdated}.");
        }
    }

    /// <summary>Writes what is wrong with patches and pins.</summary>
    public async Task WriteRemarksAsync(RenderedEnvironment rendered)
    {
        foreach (var remark in rendered.Remarks)
        {
            await Command.Error.WriteLineAsync(remark);
        }
    }

    /// <summary>What was done to the environment.</summary>
    public ActivityLog Log(IClusterClient cluster) => new(cluster, Model.Application, Target.Environment);

    /// <summary>Writes what was done to the environment.</summary>
    public ActivityRecorder Activity(IClusterClient cluster) =>
        new(cluster, Model.Application, Target.Environment, Path.GetDirectoryName(Root), Command.Error.WriteLine);

    /// <summary>
    /// Connects to the cluster; refuses where the current context is another one, before anything of a cluster is read.
    /// </summary>
    public ClusterClient Connect()
    {
        var kubeconfig = Kubeconfig.Load();
        ContextGuard.Check(kubeconfig, Target.Cluster.Context, Target.Environment);
        var cluster = ClusterClient.Connect(Target.Cluster, kubeconfig);
        cluster.Report = Command.Error.WriteLine;
        return cluster;
    }
}
