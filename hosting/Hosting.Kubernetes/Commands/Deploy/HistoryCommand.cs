using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Activity;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Says what was done to an environment, by whom and from which commit.</summary>
internal sealed class HistoryCommand : EnvironmentCommand
{
    private readonly OutputOption _output = new(isWide: true);
    private readonly DurationOption _since = new("--since", "How far to go back.");
    private readonly Option<int> _limit = new("--limit")
    {
        Description = "Entries to show.",
        HelpName = "number",
        DefaultValueFactory = _ => 20,
        CustomParser = OptionValues.Number("--limit takes a number of entries, 1 or more.", min: 1),
    };

    public HistoryCommand()
        : base(
            "history", "Show what was done to an environment, newest first: apply, rollback, canary, silence; by whom, from " +
            "which commit.")
    {
        Add(_output);
        Add(_since);
        Add(_limit);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        using var cluster = environment.Connect();
        var all = await environment.Log(cluster).ReadAsync(cancellationToken);
        var from = _since.Read(context.Arguments) is { } since ? DateTimeOffset.UtcNow - since : DateTimeOffset.MinValue;
        List<ActivityEntry> shown = [.. all.Where(e => e.At >= from).Take(context.Arguments.GetValue(_limit))];
        if (_output.IsStructured(context))
        {
            JsonArray entries = [.. shown.Select(e => JsonNode.Parse(e.ToJson()))];
            await _output.WriteAsync(context, DeployJson.Create(environment.Target, new() { ["history"] = entries }));
            return ExitCodes.Done;
        }

        if (shown.Count == 0)
        {
            await context.Output.WriteLineAsync(
                $"Nothing{(all.Count > 0 ? " in that time" : "")} in the history of {environment.Target.Place}.");
            return ExitCodes.Done;
        }

        var isWide = _output.IsWide(context);
        await context.Output.WriteLineAsync(
            $"{"TIME (UTC)",-19}  {"COMMAND",-14}  {"RESULT",-12}  {"TOOK",6}  {"BY",-12}  {"COMMIT",-12}  CHANGED");
        foreach (var entry in shown)
        {
            var who = isWide && entry.User is { } user && user != entry.By ? $"{entry.By} ({user})" : entry.By;
            string?[] changed =
            [
                entry.Resources.Count == 0 ? null : string.Join(", ", entry.Resources),
                isWide ? null : Images(entry),
                isWide ? null : entry.Note,
            ];
            await context.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {entry.Command,-14}  {entry.Result,-12}  " +
                $"{$"{entry.Seconds:F0}s",6}  {who,-12}  {entry.ShortCommit,-12}  " +
                $"{string.Join("; ", changed.OfType<string>())}").TrimEnd());
            foreach (var line in isWide ? entry.Images.Select(i => $"{i.Resource}: {i}").Append(entry.Note).OfType<string>() : [])
            {
                await context.Output.WriteLineAsync($"{"",19}  {line}");
            }
        }

        return ExitCodes.Done;
    }

    private static string? Images(ActivityEntry entry) => entry.Images.Count switch
    {
        0 => null,
        1 => entry.Images[0].ToString(),
        var count => $"{count} images",
    };
}
