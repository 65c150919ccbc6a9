using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Hosting.Kubernetes.Render;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Writes the flattened manifests of an environment to standard output.</summary>
internal sealed class RenderVerb : IVerb
{
    private readonly Argument<string[]> _resources = new("resource") { Description = "Resources; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _environment = new("--env") { Description = "Environment.", HelpName = "name", DefaultValueFactory = _ => DeploymentEnvironmentResource.Personal };
    private readonly Option<bool> _deep = new("--deep") { Description = "With all that the resources depend on." };
    private readonly Option<bool> _unpinned = new("--unpinned") { Description = "Show images without a digest even where the environment wants digests." };
    private readonly Option<string> _as = new("--as") { Description = "Whose personal environment; the user's by default.", HelpName = "name" };

    public RenderVerb()
    {
        Command = new("render", "Write the manifests of an environment to standard output, as they are applied.");
        Command.Arguments.Add(_resources);
        Command.Options.Add(_environment);
        Command.Options.Add(_deep);
        Command.Options.Add(_unpinned);
        Command.Options.Add(_as);
    }

    public Command Command { get; }

    public DistributedApplicationOperation Operation => DistributedApplicationOperation.Publish;

    public async Task<int> ExecuteAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var environment = context.Arguments.GetValue(_environment)!;
        var isPersonal = environment.Equals(DeploymentEnvironmentResource.Personal, StringComparison.OrdinalIgnoreCase);
        var substitutions = isPersonal ? new RenderSubstitutions(PersonalNamespace.Of(context.Arguments.GetValue(_as) ?? Environment.UserName)) : null;
        var rendered = new Renderer(PublishedGraph.Model(context), PublishedGraph.Root(context))
            .Render(environment, substitutions, new(context.Arguments.GetValue(_resources) ?? [], context.Arguments.GetValue(_deep)));
        foreach (var remark in rendered.Remarks)
        {
            await context.Error.WriteLineAsync(remark).ConfigureAwait(false);
        }

        if (!context.Arguments.GetValue(_unpinned))
        {
            PinRule.ThrowIfUnpinned(environment, rendered.UnpinnedImages);
        }

        await context.Output.WriteAsync(ManifestText.Of(rendered.Objects)).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
