using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Writes the flattened manifests of an environment to standard output.</summary>
internal sealed class RenderCommand : IAppHostCommand
{
    private readonly SelectionArguments _arguments;
    private readonly Option<bool> _unpinned = new("--unpinned") { Description = "Show images without a digest even where the environment wants digests." };

    public RenderCommand()
    {
        Command = new("render", "Write the manifests of an environment to standard output, as they are applied.");
        _arguments = new(Command);
        Command.Options.Add(_unpinned);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var place = _arguments.Place(context, model);
        var rendered = _arguments.Render(context, model, place);
        await SelectionArguments.RemarkAsync(context, rendered).ConfigureAwait(false);
        if (!context.Arguments.GetValue(_unpinned))
        {
            PinRule.ThrowIfUnpinned(place.Environment, rendered.UnpinnedImages);
        }

        await context.Output.WriteAsync(ManifestText.Of(rendered.Objects)).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
