using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting.Kubernetes.Commands;

namespace MonoRepo.Hosting.Kubernetes.Pipeline;

/// <summary>The steps of Aspire's pipeline that publish and deploy, and their order.</summary>
internal static class KustomizePipeline
{
    // What the AppHost can do that no step of Aspire stands for.
    private static readonly string[] s_free =
    [
        "diff", "render", "setup", "secrets", "status", "logs", "restore", "promote", "environments", "graph",
        "restart", "rollback", "canary", "events", "exec", "port-forward",
    ];

    public static IEnumerable<PipelineStep> CreateSteps(PipelineStepFactoryContext context)
    {
        var name = context.Resource.Name;
        var commands = context.PipelineContext.Services.GetServices<AppHostCommand>().ToLookup(c => c.Name);
        var images = $"images-{name}";

        yield return Create(
            $"publish-{name}", "publish", dependsOn: [WellKnownPipelineSteps.PublishPrereq],
            requiredBy: WellKnownPipelineSteps.Publish);
        yield return Create(images, "apply", dependsOn: [WellKnownPipelineSteps.DeployPrereq],
            execute: ((ApplyCommand)commands["apply"].First()).BuildImagesAsync,
            description: "Build and push the images that changed, where the environment runs what the working tree says.");
        yield return Create($"apply-{name}", "apply", dependsOn: [images], requiredBy: WellKnownPipelineSteps.Deploy);
        yield return Create(
            $"delete-{name}", "delete", dependsOn: [WellKnownPipelineSteps.DestroyPrereq],
            requiredBy: WellKnownPipelineSteps.Destroy);
        foreach (var free in s_free)
        {
            yield return Create(free, free);
        }

        PipelineStep Create(
            string step, string verb, IEnumerable<string>? dependsOn = null, string? requiredBy = null,
            Func<CommandContext, CancellationToken, Task<int>>? execute = null, string? description = null)
        {
            var command = commands[verb].First();
            return new()
            {
                Name = step,
                Description = description ?? command.Description,
                Action = new CommandStep(command, execute ?? command.ExecuteAsync).RunAsync,
                DependsOnSteps = [.. dependsOn ?? []],
                RequiredBySteps = requiredBy is null ? [] : [requiredBy],
            };
        }
    }

    /// <summary>
    /// Secrets stay in the cluster and what differs by environment is said in the graph, so there is nothing to ask for before
    /// publishing, and no value of a parameter may reach Aspire's deployment state.
    /// </summary>
    public static void Configure(PipelineConfigurationContext context)
    {
        var parameters = context.Steps.FirstOrDefault(s => s.Name == WellKnownPipelineSteps.ProcessParameters);
        parameters?.RequiredBySteps.RemoveAll(
            s => s is WellKnownPipelineSteps.PublishPrereq or WellKnownPipelineSteps.DeployPrereq);
    }
}
