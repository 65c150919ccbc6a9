using System.CommandLine;
using System.Text.Json;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Comparison;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Lists and compares environments: pins, replicas, settings that differ.</summary>
internal sealed class EnvironmentsCommand : IAppHostCommand
{
    private readonly Argument<string[]> _names = NamesArgument.Create("name", "Environments; all when none is named.");
    private readonly OutputOption _output;

    public EnvironmentsCommand()
    {
        Command = new(
            "environments", "List environments; with -o wide compare them: image digests, replicas, settings that differ.");
        Command.Arguments.Add(_names);
        _output = new(Command, isWide: true);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var names = context.Arguments.GetValue(_names) is { Length: > 0 } given
            ? given
            : [.. model.Environments.Select(e => e.Name)];
        var targets = names.Select(n => EnvironmentTarget.Find(context, model, n)).ToList();
        var tree = ManifestTree.InMemory(Publication.Build(model), PublishedGraph.Root(context));
        var comparison = EnvironmentComparison.Create(
            tree, [.. targets.Select(t => (t.Environment, t.Cluster.Context, t.Cluster.Namespace, t.Registry))]);
        if (_output.IsStructured(context))
        {
            await _output.WriteAsync(context, JsonSerializer.SerializeToNode(comparison, JsonSerializerOptions.Web)!);
        }
        else
        {
            await context.Output.WriteAsync(EnvironmentsText.Create(comparison, _output.IsWide(context)));
        }

        return ExitCodes.Done;
    }
}
