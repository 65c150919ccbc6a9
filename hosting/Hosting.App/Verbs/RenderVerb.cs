using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Hosting.Kubernetes.Render;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Writes the flattened manifests of an environment to standard output.</summary>
internal sealed class RenderVerb : IVerb
{
    private readonly Argument<string[]> _resources = new("resource") { Description = "Resources; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly EnvironmentOptions _environment;
    private readonly Option<bool> _deep = new("--deep") { Description = "With all that the resources depend on." };
    private readonly Option<bool> _unpinned = new("--unpinned") { Description = "Show images without a digest even where the environment wants digests." };

    public RenderVerb()
    {
        Command = new("render", "Write the manifests of an environment to standard output, as they are applied.");
        Command.Arguments.Add(_resources);
        _environment = new(Command);
        Command.Options.Add(_deep);
        Command.Options.Add(_unpinned);
    }

    public Command Command { get; }

    public DistributedApplicationOperation Operation => DistributedApplicationOperation.Publish;

    public async Task<int> ExecuteAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var place = _environment.Place(context, model);
        var rendered = new Renderer(model, PublishedGraph.Root(context))
            .Render(place.Environment, place.Substitutions, new(context.Arguments.GetValue(_resources) ?? [], context.Arguments.GetValue(_deep)));
        foreach (var remark in rendered.Remarks)
        {
            await context.Error.WriteLineAsync(remark).ConfigureAwait(false);
        }

        if (!context.Arguments.GetValue(_unpinned))
        {
            PinRule.ThrowIfUnpinned(place.Environment, rendered.UnpinnedImages);
        }

        await context.Output.WriteAsync(ManifestText.Of(rendered.Objects)).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
