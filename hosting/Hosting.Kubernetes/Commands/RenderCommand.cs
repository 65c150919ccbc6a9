using System.CommandLine;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Writes the flattened manifests of an environment to standard output.</summary>
internal sealed class RenderCommand : IAppHostCommand
{
    private readonly EnvironmentArguments _arguments;
    private readonly Option<bool> _unpinned = new("--unpinned") { Description = "Show images without a digest even where the environment wants digests." };

    public RenderCommand()
    {
        Command = new("render", "Write the manifests of an environment to standard output, as they are applied.");
        _arguments = new(Command, hasResources: true, hasDeep: true);
        Command.Options.Add(_unpinned);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = _arguments.Read(context);
        var rendered = environment.Render(_arguments.Selection(context));
        await environment.WarnAsync(rendered).ConfigureAwait(false);
        if (!context.Arguments.GetValue(_unpinned))
        {
            PinRule.ThrowIfUnpinned(environment.Target.Environment, rendered.UnpinnedImages);
        }

        await context.Output.WriteAsync(ManifestText.Of(rendered.Objects)).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
