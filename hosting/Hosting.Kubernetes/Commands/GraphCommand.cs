using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Hosting.Kubernetes.Picture;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Draws the graph: resources, edges with ports, environments.</summary>
internal sealed class GraphCommand : DeploymentCommand
{
    private readonly Option<string> _format =
        new("--format") { Description = "Format of the picture.", DefaultValueFactory = _ => GraphPicture.Formats[0] };

    private readonly Option<Uri?> _live = new("--live")
    {
        Description = "Show the calls of the last five minutes, read from the Prometheus at this address.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[^1].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            result.AddError($"'{result.Tokens[^1].Value}' isn't an address of a Prometheus such as http://localhost:9090.");
            return null;
        },
    };

    public GraphCommand()
        : base("graph", "Draw the graph: resources, who calls whom on which port, environments.")
    {
        _format.AcceptOnly([.. GraphPicture.Formats]);
        Add(_format);
        Add(_live);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var picture = GraphPicture.Of(PublishedGraph.Model(context));
        if (context.Arguments.GetValue(_live) is { } prometheus)
        {
            picture = picture.With(await LiveCalls.ReadAsync(prometheus, cancellationToken));
        }

        await context.Output.WriteAsync(picture.Draw(context.Arguments.GetValue(_format)!));
        return ExitCodes.Done;
    }
}
