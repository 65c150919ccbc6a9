using System.CommandLine;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting.Kubernetes.AspireManifest;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Writes aspire-manifest.json. Aspire's own arguments lead here: <c>--operation publish --publisher manifest --output-path P</c>.</summary>
internal sealed class ManifestVerb : IVerb
{
    private readonly Option<string> _output = new("--output") { Description = "File (*.json) or folder.", HelpName = "path" };

    public ManifestVerb()
    {
        Command = new("manifest", "Write aspire-manifest.json, for aspirate and azd.");
        Command.Options.Add(_output);
    }

    public Command Command { get; }

    public DistributedApplicationOperation Operation => DistributedApplicationOperation.Publish;

    public async Task<int> ExecuteAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var path = context.Arguments.GetValue(_output)
            ?? context.Services.GetRequiredService<IConfiguration>()["Pipeline:OutputPath"]
            ?? throw new DistributedApplicationException("The '--output-path [path]' option was not specified even though manifest publishing was requested.");
        var writer = new ManifestWriter(context.Services.GetRequiredService<DistributedApplicationModel>(), context.Services.GetRequiredService<DistributedApplicationExecutionContext>());
        await context.Output.WriteLineAsync($"Published manifest to: {await writer.WriteAsync(path, cancellationToken).ConfigureAwait(false)}").ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
