using Aspire.Hosting;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting.App.Verbs;

namespace MonoRepo.Hosting.App;

/// <summary>An application whose Run does what the command line says; the exit code of the process is the verb's.</summary>
internal sealed class VerbApplication(IHost host, AppHostArguments arguments) : DistributedApplication(host)
{
    public override async Task RunAsync(CancellationToken cancellationToken = default) =>
        Environment.ExitCode = await new CommandLineFrame(this, arguments, base.RunAsync).InvokeAsync(cancellationToken).ConfigureAwait(false);
}
