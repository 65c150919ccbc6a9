using System.CommandLine;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Kubernetes.Comparison;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Lists and compares environments: pins, replicas, settings that differ.</summary>
internal sealed class EnvironmentsCommand : IAppHostCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Argument<string[]> _names = new("environment") { Description = "Environments; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _output = new("--output") { Description = "How to write it.", DefaultValueFactory = _ => "text" };

    public EnvironmentsCommand()
    {
        _output.AcceptOnlyFromAmong("text", "json");
        Command = new("environments", "List and compare environments: image digests, replicas, settings that differ.");
        Command.Arguments.Add(_names);
        Command.Options.Add(_output);
    }

    public Command Command { get; }

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var names = context.Arguments.GetValue(_names) ?? [];
        // Each is looked up first, so that a misspelt one is refused.
        _ = names.Select(n => DeployPlace.Find(context, model, n, null)).ToList();
        var comparison = EnvironmentComparison.Of(model, PublishedGraph.Root(context), names);
        var text = context.Arguments.GetValue(_output) == "json" ? JsonSerializer.Serialize(comparison, s_json) + "\n" : EnvironmentsText.Of(comparison);
        await context.Output.WriteAsync(text).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
