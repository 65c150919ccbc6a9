using Microsoft.Extensions.Configuration;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.GitOps;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Processes;
using MonoRepo.Deployer;

// What the CronJob of k8s/overlays/E/deployer.yaml runs: the environment is brought to the head of a branch. See
// docs/deployer.md. Exit code 0: it is at the head; 1: it is not, and the last lines say why; 3: a canary was inconclusive.
// With the argument "summary" it posts the summary of the last days instead: the CronJob of that name.
using var stop = new CancellationTokenSource();
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        stop.Cancel();
    });
try
{
    var settings =
        DeployerSettings.Read(new ConfigurationBuilder().AddEnvironmentVariables("DEPLOYER_").AddCommandLine(args).Build());
    var processes = new ProcessRunner();
    using var cluster = ClusterClient.Connect(settings.Target);
    cluster.Report = Console.WriteLine;
    var git = new GitRepository(
        processes, settings.Repository, settings.Branch, Path.Combine(settings.WorkFolder, "repository"), settings.SecretFolder);
    if (args is ["summary", ..])
    {
        return await new SummaryJob(cluster, git, settings, Console.WriteLine).RunAsync(DateTimeOffset.UtcNow, stop.Token);
    }

    var apply = new OverlayApply(cluster, settings, Console.WriteLine);
    var deployer = new HeadDeployer(
        git, new DeployedCommitStore(cluster, settings.Application), apply.RunAsync, Console.WriteLine);
    return await deployer.RunAsync(stop.Token);
}
catch (DeployException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped; the next run goes on from here.");
    return 1;
}
