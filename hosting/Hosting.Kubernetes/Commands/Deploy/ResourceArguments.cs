using System.CommandLine;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The command line of every verb that works with resources of an environment.</summary>
internal sealed class ResourceArguments
{
    private readonly Argument<string[]> _resources = new("resource") { Description = "Resources; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly EnvironmentOptions _environment;

    /// <summary>Adds them to a verb.</summary>
    public ResourceArguments(Command command)
    {
        command.Arguments.Add(_resources);
        _environment = new(command);
    }

    /// <summary>The environment.</summary>
    public DeployPlace Place(CommandContext context, PublishedModel model) => _environment.Place(context, model);

    /// <summary>The resources that were named; names of resources are in lower case.</summary>
    public IReadOnlyList<string> Names(CommandContext context) => [.. (context.Arguments.GetValue(_resources) ?? []).Select(n => n.ToLowerInvariant())];

    /// <summary>Renders the resources.</summary>
    /// <param name="context">What the verb works with.</param>
    /// <param name="model">The graph.</param>
    /// <param name="place">The environment.</param>
    /// <param name="deep">With all that they depend on.</param>
    /// <param name="digests">Digests of images that were built just now; null: as pinned.</param>
    public RenderedEnvironment Render(
        CommandContext context, PublishedModel model, DeployPlace place, bool deep = false, IReadOnlyDictionary<string, string>? digests = null) =>
        new Renderer(model, PublishedGraph.Root(context)).Render(place.Environment, place.Substitutions with { Digests = digests }, new(Names(context), deep));
}
