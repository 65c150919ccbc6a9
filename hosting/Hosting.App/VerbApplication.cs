using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting.App.Backchannel;
using MonoRepo.Hosting.App.Verbs;

namespace MonoRepo.Hosting.App;

/// <summary>An application whose Run does what the command line says; the exit code of the process is the verb's.</summary>
internal sealed class VerbApplication(IHost host, AppHostArguments arguments) : DistributedApplication(host)
{
    public override async Task RunAsync(CancellationToken cancellationToken = default) =>
        Environment.ExitCode = await (PublishesForAspire() is { } socket ? ShowAsync(socket, cancellationToken) : InvokeAsync(Console.Out, Console.Error, cancellationToken)).ConfigureAwait(false);

    // aspire publish, aspire do publish-manifest; aspire run watches the process alone.
    private string? PublishesForAspire() =>
        arguments.Verb is null && Services.GetRequiredService<DistributedApplicationExecutionContext>().Operation == DistributedApplicationOperation.Publish
            ? Services.GetRequiredService<IConfiguration>()["ASPIRE_BACKCHANNEL_PATH"]
            : null;

    private async Task<int> ShowAsync(string socket, CancellationToken cancellationToken)
    {
        var step = Services.GetRequiredService<IConfiguration>()["Pipeline:Step"] ?? PipelineSteps.All[0].Name;
        await using var command = new AspireCommand(socket);
        return await command.ShowAsync(step, (output, error) => InvokeAsync(output, error, cancellationToken)).ConfigureAwait(false);
    }

    private Task<int> InvokeAsync(TextWriter output, TextWriter error, CancellationToken cancellationToken) =>
        new CommandLineFrame(this, arguments, base.RunAsync, output, error).InvokeAsync(cancellationToken);
}
