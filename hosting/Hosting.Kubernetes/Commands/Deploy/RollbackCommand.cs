using System.CommandLine;
using System.CommandLine.Parsing;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Brings resources back to the last manifests and images that worked, and waits until they do.</summary>
internal sealed class RollbackCommand : EnvironmentCommand
{
    private static readonly Func<ArgumentResult, int> s_revision =
        OptionValues.Number("--to-revision takes the number of a revision, 1 or more.", min: 1);

    private readonly OutputOption _output = new();
    private readonly RolloutWait _wait = new();
    private readonly Option<int?> _revision = new("--to-revision")
    {
        Description = "Revision to go back to; by default the last one that worked and differs from what is there.",
        HelpName = "number",
        CustomParser = result => s_revision(result),
    };
    private readonly Option<bool> _force = new("--force-conflicts") { Description = "Take over fields that others own." };

    public RollbackCommand()
        : base("rollback", "Go back to the last manifests and images that worked, and wait until they do.", hasResources: true)
    {
        Add(_output);
        Add(_revision);
        Add(_force);
        Add(_wait);
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) =>
        Interruption.RunAsync(context, RollBackAsync, cancellationToken);

    private async Task<int> RollBackAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var (target, selection) = (environment.Target, ReadSelection(context));

        // A wrong name is said before anything is asked of a cluster.
        environment.Render(selection);
        using var cluster = environment.Connect();
        var console = TextWriter.Synchronized(_output.Console(context));
        var plan = await new Rollback(cluster, environment.Model.Application, target.Environment)
            .PlanAsync(selection.Resources, context.Arguments.GetValue(_revision), cancellationToken);
        await console.WriteLineAsync($"Back to {plan.Revision}.");
        if (environment.Tree.Find($"{Layout.Overlay(target.Environment)}/deployer.yaml") is not null)
        {
            await context.Error.WriteLineAsync(
                $"warning: '{target.Environment}' is deployed from git: unless the commit is reverted, the deployer applies " +
                "it again at its next turn.");
        }

        RolloutResult? rollout = null;
        var applier = new Applier(cluster, WaitAsync, console.WriteLine) { Activity = environment.Activity(cluster) };
        var result = await applier.ApplyAsync(Request(), cancellationToken);
        await ApplyCommand.WriteAsync(context, _output, target, result, rollout, console);
        await console.WriteLineAsync(target.IsPersonal
            ? "The next `apply` brings what the working tree says."
            : $"The next `apply` brings what k8s/ says: revert the commit, or pin the earlier images with `promote --to " +
            $"{target.Environment}`.");
        return result.IsReady ? ExitCodes.Done : ExitCodes.Failed;

        DeployRequest Request() => plan.Request with
        {
            TakeFields = context.Arguments.GetValue(_force),
            Command = "rollback",
            Note = $"back to {plan.Revision}",
        };

        async Task<bool> WaitAsync(RolloutRequest awaited, CancellationToken cancellation) =>
            (rollout = await _wait.WaitAsync(
                context, cluster, awaited.Objects, _output.Console(context), cancellation, awaited.Seen)).IsReady;
    }
}
