using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using MonoRepo.Hosting.App.Backchannel;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>The verbs. One line a verb; the first is what an empty command line means.</summary>
internal static class VerbList
{
    private static readonly (string Name, DistributedApplicationOperation Operation, Func<IVerb> Create)[] Verbs =
    [
        ("run", DistributedApplicationOperation.Run, () => new RunVerb()),
        ("publish", DistributedApplicationOperation.Publish, () => new PublishVerb()),
        ("render", DistributedApplicationOperation.Publish, () => new RenderVerb()),
        ("promote", DistributedApplicationOperation.Publish, () => new PromoteVerb()),
        ("apply", DistributedApplicationOperation.Publish, ApplyVerb.Apply),
        ("create", DistributedApplicationOperation.Publish, ApplyVerb.Create),
        ("delete", DistributedApplicationOperation.Publish, () => new DeleteVerb()),
        ("diff", DistributedApplicationOperation.Publish, () => new DiffVerb()),
        ("environments", DistributedApplicationOperation.Publish, () => new EnvironmentsVerb()),
        ("setup", DistributedApplicationOperation.Publish, () => new SetupVerb()),
        ("status", DistributedApplicationOperation.Publish, () => new StatusVerb()),
        ("logs", DistributedApplicationOperation.Publish, () => new LogsVerb()),
        ("secrets", DistributedApplicationOperation.Publish, () => new SecretsVerb()),
        ("graph", DistributedApplicationOperation.Publish, () => new GraphVerb()),
        ("manifest", DistributedApplicationOperation.Publish, () => new ManifestVerb()),
        ("doctor", DistributedApplicationOperation.Run, () => new DoctorVerb()),
    ];

    internal static IReadOnlyCollection<string> Names { get; } = [.. Verbs.Select(v => v.Name)];

    internal static DistributedApplicationOperation OperationOf(string name) => Array.Find(Verbs, v => v.Name == name).Operation;

    internal static IEnumerable<IVerb> Create() => Verbs.Select(v => v.Create());

    /// <summary>The verb when none is named.</summary>
    /// <exception cref="DistributedApplicationException">Aspire's arguments ask for a step that there is not.</exception>
    internal static string DefaultFor(DistributedApplicationOperation operation, IConfiguration configuration) =>
        operation == DistributedApplicationOperation.Run ? "run" : PipelineSteps.Asked(configuration).Verb;
}
