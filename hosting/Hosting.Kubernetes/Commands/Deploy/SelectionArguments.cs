using System.CommandLine;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The command line of verbs that work with resources alone, or with all that they depend on.</summary>
internal sealed class SelectionArguments
{
    private readonly ResourceArguments _resources;
    private readonly Option<bool> _deep = new("--deep") { Description = "With all that the resources depend on, transitively." };

    /// <summary>Adds them to a verb.</summary>
    public SelectionArguments(Command command)
    {
        _resources = new(command);
        command.Options.Add(_deep);
    }

    /// <summary>The environment.</summary>
    public DeployPlace Place(CommandContext context, PublishedModel model) => _resources.Place(context, model);

    /// <summary>The resources that were named.</summary>
    public RenderSelection Selection(CommandContext context) => new(_resources.Names(context), context.Arguments.GetValue(_deep));

    /// <summary>Renders what was asked for.</summary>
    /// <param name="context">What the verb works with.</param>
    /// <param name="model">The graph.</param>
    /// <param name="place">The environment.</param>
    /// <param name="digests">Digests of images that were built just now; null: as pinned.</param>
    public RenderedEnvironment Render(CommandContext context, PublishedModel model, DeployPlace place, IReadOnlyDictionary<string, string>? digests = null) =>
        _resources.Render(context, model, place, context.Arguments.GetValue(_deep), digests);

    /// <summary>Says what is wrong with people's patches.</summary>
    public static async Task RemarkAsync(CommandContext context, RenderedEnvironment rendered)
    {
        foreach (var remark in rendered.Remarks)
        {
            await context.Error.WriteLineAsync(remark).ConfigureAwait(false);
        }
    }
}
