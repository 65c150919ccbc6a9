using System.CommandLine;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Output;
using MonoRepo.Hosting.Kubernetes.Render;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>The command line of verbs that look at resources of an environment and change nothing.</summary>
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
    public DeployPlace Place(VerbContext context, PublishedModel model) => _environment.Place(context, model);

    /// <summary>The objects of the resources. Whether images are pinned does not matter for looking.</summary>
    public IReadOnlyList<YamlMap> Objects(VerbContext context, PublishedModel model, DeployPlace place) =>
        new Renderer(model, PublishedGraph.Root(context)).Render(place.Environment, place.Substitutions, new(context.Arguments.GetValue(_resources) ?? [], Deep: false)).Objects;
}
