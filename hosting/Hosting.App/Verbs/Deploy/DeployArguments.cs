using System.CommandLine;
using MonoRepo.Hosting.Kubernetes.Deploy.Applying;
using MonoRepo.Hosting.Kubernetes.Deploy.Changes;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Lowering;
using MonoRepo.Hosting.Kubernetes.Output;
using MonoRepo.Hosting.Kubernetes.Render;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>The command line of the verbs that work with resources of an environment.</summary>
internal sealed class DeployArguments
{
    private readonly Argument<string[]> _resources = new("resource") { Description = "Resources; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _deep = new("--deep") { Description = "With all that the resources depend on, transitively." };
    private readonly EnvironmentOptions _environment;

    /// <summary>Adds them to a verb.</summary>
    public DeployArguments(Command command)
    {
        command.Arguments.Add(_resources);
        command.Options.Add(_deep);
        _environment = new(command);
        Output = new(command);
    }

    /// <summary>Plain lines or JSON.</summary>
    public OutputOption Output { get; }

    /// <summary>The environment.</summary>
    public DeployPlace Place(VerbContext context, PublishedModel model) => _environment.Place(context, model);

    /// <summary>The resources that were named.</summary>
    public RenderSelection Selection(VerbContext context) =>
        new([.. (context.Arguments.GetValue(_resources) ?? []).Select(n => n.ToLowerInvariant())], context.Arguments.GetValue(_deep));

    /// <summary>Renders what was asked for.</summary>
    /// <param name="context">What the verb works with.</param>
    /// <param name="model">The graph.</param>
    /// <param name="place">The environment.</param>
    /// <param name="digests">Digests of images that were built just now; null: as pinned.</param>
    public RenderedEnvironment Render(VerbContext context, PublishedModel model, DeployPlace place, IReadOnlyDictionary<string, string>? digests = null) =>
        new Renderer(model, PublishedGraph.Root(context)).Render(place.Environment, place.Substitutions with { Digests = digests }, Selection(context));

    /// <summary>What of it is applied; says what is wrong with people's patches, and refuses images without a digest where that is a rule.</summary>
    public async Task<DeployRequest> RequestAsync(VerbContext context, PublishedModel model, DeployPlace place, RenderedEnvironment rendered)
    {
        foreach (var remark in rendered.Remarks)
        {
            await context.Error.WriteLineAsync(remark).ConfigureAwait(false);
        }

        PinRule.ThrowIfUnpinned(place.Environment, rendered.UnpinnedImages);
        return new(model.Application, place.Environment, rendered.Objects, Scope(Selection(context), rendered.Objects));
    }

    // With --deep, the resources that the named ones depend on are those that were rendered.
    private static ChangeScope Scope(RenderSelection selection, IEnumerable<YamlMap> rendered) => selection.Resources.Count == 0
        ? ChangeScope.All
        : new(selection.Resources.Concat(rendered.Select(o => o.Map("metadata")?.Map("annotations")?.Text(Marks.Resource)).OfType<string>()).ToHashSet());
}
