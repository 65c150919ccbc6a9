using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Hosting.Kubernetes.Picture;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Draws the graph: resources, edges with ports, environments.</summary>
internal sealed class GraphCommand : IAppHostCommand
{
    private readonly Option<string> _format = new("--format") { Description = "Format of the picture.", DefaultValueFactory = _ => GraphPicture.Formats[0] };

    public GraphCommand()
    {
        _format.AcceptOnlyFromAmong([.. GraphPicture.Formats]);
        Command = new("graph", "Draw the graph: resources, who calls whom on which port, environments.");
        Command.Options.Add(_format);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await context.Output.WriteAsync(GraphPicture.Of(PublishedGraph.Model(context)).Draw(context.Arguments.GetValue(_format)!)).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
