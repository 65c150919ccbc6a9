using System.CommandLine;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The command line of verbs that compare an environment with the cluster, or change it.</summary>
internal sealed class DeployArguments
{
    private readonly SelectionArguments _selection;

    /// <summary>Adds them to a verb.</summary>
    public DeployArguments(Command command)
    {
        _selection = new(command);
        Output = new(command);
    }

    /// <summary>Plain lines or JSON.</summary>
    public OutputOption Output { get; }

    /// <summary>The environment.</summary>
    public DeployPlace Place(CommandContext context, PublishedModel model) => _selection.Place(context, model);

    /// <summary>The resources that were named.</summary>
    public RenderSelection Selection(CommandContext context) => _selection.Selection(context);

    /// <inheritdoc cref="SelectionArguments.Render"/>
    public RenderedEnvironment Render(CommandContext context, PublishedModel model, DeployPlace place, IReadOnlyDictionary<string, string>? digests = null) =>
        _selection.Render(context, model, place, digests);

    /// <summary>What of it is applied; says what is wrong with people's patches, and refuses images without a digest where that is a rule.</summary>
    public async Task<DeployRequest> RequestAsync(CommandContext context, PublishedModel model, DeployPlace place, RenderedEnvironment rendered)
    {
        await SelectionArguments.RemarkAsync(context, rendered).ConfigureAwait(false);
        PinRule.ThrowIfUnpinned(place.Environment, rendered.UnpinnedImages);
        return new(model.Application, place.Environment, rendered.Objects, Scope(Selection(context), rendered.Objects));
    }

    // With --deep, the resources that the named ones depend on are those that were rendered.
    private static ChangeScope Scope(RenderSelection selection, IEnumerable<YamlMap> rendered) => selection.Resources.Count == 0
        ? ChangeScope.All
        : new(selection.Resources.Concat(rendered.Select(o => o.Map("metadata")?.Map("annotations")?.Text(KubernetesLabels.Resource)).OfType<string>()).ToHashSet());
}
