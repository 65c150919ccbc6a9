using System.CommandLine;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Status;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Silences alerts of an environment for a while.</summary>
internal sealed class SilenceCommand : EnvironmentCommand
{
    // What is silenced for longer, nobody waits for: then the rule is wrong.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    private readonly Command _add = new("add", "Silence alerts for a while.");
    private readonly Command _list = new("list", "List the active silences, by the time they end.");
    private readonly Command _expire = new("expire", "End silences.");
    private readonly OutputOption _output = new();
    private readonly Argument<string[]> _matchers = new("matcher")
    {
        Description = "An alert's name, or labels: severity=page, job!=web, pod=~\"web-.*\".",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Argument<string[]> _ids =
        new("id") { Description = "Ids of silences, as `list` shows them.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _all = new("--all") { Description = "All silences of the environment." };
    private readonly Option<string?> _comment = new("--comment") { Description = "Why.", HelpName = "text" };
    private readonly Option<string> _author =
        new("--author") { Description = "Who silences.", HelpName = "name", DefaultValueFactory = _ => Environment.UserName };
    private readonly Option<string?> _alertmanager = new("--alertmanager")
    {
        Description = "Address of Alertmanager; the environment's own by default.",
        HelpName = "url",
        Recursive = true,
    };
    private readonly DurationOption _for = new("--for", "How long.", "1h");

    public SilenceCommand()
        : base("silence", "Silence alerts of an environment for a while.")
    {
        _add.Add(_matchers);
        _add.Add(_for);
        _add.Add(_comment);
        _add.Add(_author);
        _expire.Add(_ids);
        _expire.Add(_all);
        foreach (var command in (Command[])[_add, _list, _expire])
        {
            command.Add(_output);
            Add(command);
        }

        Options.Insert(0, _alertmanager);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (command, errors) = (context.Arguments.CommandResult.Command, new List<string>());
        var matchers = command == _add ? SilenceMatcher.Parse(context.Arguments.GetValue(_matchers)!, errors) : [];
        FindBadUsage(context, command, errors);
        if (errors.Count > 0)
        {
            throw new BadUsageException(string.Join(Environment.NewLine, errors));
        }

        var environment = ReadEnvironment(context);
        AlertNames.RefuseUnknown(environment, matchers, context.Arguments.GetValue(_matchers) ?? []);
        if (context.Arguments.GetValue(_alertmanager) is { } url)
        {
            await using var named = ServiceConnection.Open(url);
            return await ExecuteAsync(environment, command, named.Client, matchers, null, cancellationToken);
        }

        using var cluster = Connect(environment);
        await using var own = await ServiceConnection.OpenAsync(
            cluster, ServiceConnection.Alertmanager, TextWriter.Synchronized(context.Error).WriteLine, TimeProvider.System,
            cancellationToken);
        return await ExecuteAsync(environment, command, own.Client, matchers, cluster, cancellationToken);
    }

    private void FindBadUsage(CommandContext context, Command command, List<string> errors)
    {
        var arguments = context.Arguments;
        if (command == this)
        {
            errors.Add("Name one of the commands silence add, list and expire.");
        }

        if (command == _add && !(_for.Read(arguments) is { Ticks: > 0 } time && time <= s_longest))
        {
            errors.Add($"--for has to be a time such as 2h, {s_longest.Days}d at most.");
        }

        if (command == _expire && arguments.GetValue(_ids)!.Length > 0 == arguments.GetValue(_all))
        {
            errors.Add("Name the silences by one of ID and --all.");
        }

        if (arguments.GetValue(_alertmanager) is { } url && !ServiceConnection.IsAddress(url))
        {
            errors.Add($"'{url}' isn't an address of Alertmanager. Use a value such as http://127.0.0.1:9093.");
        }
    }

    private static ClusterClient Connect(EnvironmentContext environment)
    {
        try
        {
            return environment.Connect();
        }
        catch (ClusterException exception) when (exception.Reason == ClusterErrorReason.NoContext)
        {
            throw new DeployException($"{exception.Message} For the Alertmanager of a local run, use --alertmanager URL.");
        }
    }

    private async Task<int> ExecuteAsync(
        EnvironmentContext environment, Command command, HttpClient client, IReadOnlyList<SilenceMatcher> matchers,
        ClusterClient? cluster, CancellationToken cancellationToken)
    {
        var alertmanager = new AlertmanagerClient(client, environment.Target.Environment);
        return command == _add
            ? await AddAsync(environment, alertmanager, matchers, cluster, cancellationToken)
            : command == _expire ? await ExpireAsync(environment, alertmanager, cluster, cancellationToken)
            : await ListAsync(environment, alertmanager, cancellationToken);
    }

    private async Task<int> AddAsync(
        EnvironmentContext environment, AlertmanagerClient alertmanager, IReadOnlyList<SilenceMatcher> matchers,
        ClusterClient? cluster, CancellationToken cancellationToken)
    {
        var (context, now) = (environment.Command, DateTimeOffset.UtcNow);
        var silence = new Silence(
            matchers, now, now + _for.Read(context.Arguments)!.Value, context.Arguments.GetValue(_author)!,
            context.Arguments.GetValue(_comment) ?? "silence add");
        silence = silence with { Id = await alertmanager.AddAsync(silence, cancellationToken) };
        await RecordAsync(environment, cluster, "silence add", now, [silence]);
        if (_output.IsStructured(context))
        {
            await _output.WriteAsync(
                context, DeployJson.Create(environment.Target, new() { ["silence"] = Json(silence) }));
        }
        else
        {
            await context.Output.WriteLineAsync(silence.Id);
        }

        return ExitCodes.Done;
    }

    private async Task<int> ListAsync(
        EnvironmentContext environment, AlertmanagerClient alertmanager, CancellationToken cancellationToken)
    {
        var context = environment.Command;
        var silences = await alertmanager.ListAsync(cancellationToken);
        if (_output.IsStructured(context))
        {
            JsonArray listed = [.. silences.Select(Json)];
            await _output.WriteAsync(context, DeployJson.Create(environment.Target, new() { ["silences"] = listed }));
            return ExitCodes.Done;
        }

        await context.Output.WriteLineAsync(silences.Count == 0
            ? $"No silences in '{environment.Target.Environment}'."
            : $"{"ID",-36}  {"FOR",5}  {"BY",-12}  WHAT");
        foreach (var one in silences)
        {
            await context.Output.WriteLineAsync(
                $"{one.Id,-36}  {Ages.Of(one.EndsAt - DateTimeOffset.UtcNow),5}  {one.CreatedBy,-12}  {What(one)}: " +
                $"{OneLine.Of(one.Comment)}");
        }

        return ExitCodes.Done;
    }

    private async Task<int> ExpireAsync(
        EnvironmentContext environment, AlertmanagerClient alertmanager, ClusterClient? cluster,
        CancellationToken cancellationToken)
    {
        var (context, at) = (environment.Command, DateTimeOffset.UtcNow);
        var there = await alertmanager.ListAsync(cancellationToken);
        string[] ids = context.Arguments.GetValue(_all) ? [.. there.Select(s => s.Id!)] : context.Arguments.GetValue(_ids)!;
        if (ids.Except(there.Select(s => s.Id)).ToList() is { Count: > 0 } unknown)
        {
            throw new DistributedApplicationException(
                $"'{environment.Target.Environment}' has no silence {string.Join(", ", unknown)}. `silence list` names those " +
                "that hold.");
        }

        var expired = there.Where(s => ids.Contains(s.Id)).ToList();
        foreach (var one in expired)
        {
            await alertmanager.ExpireAsync(one.Id!, cancellationToken);
        }

        await RecordAsync(environment, cluster, "silence expire", at, expired);
        if (_output.IsStructured(context))
        {
            JsonArray listed = [.. expired.Select(Json)];
            await _output.WriteAsync(
                context, DeployJson.Create(environment.Target, new() { ["expired"] = listed }));
        }
        else
        {
            await context.Output.WriteLineAsync(
                $"{expired.Count} {(expired.Count == 1 ? "silence" : "silences")} of '{environment.Target.Environment}' ended.");
        }

        return ExitCodes.Done;
    }

    /// <summary>Where no cluster is looked at, as beside a local run, nothing is written down either.</summary>
    private static Task RecordAsync(
        EnvironmentContext environment, ClusterClient? cluster, string command, DateTimeOffset at,
        IReadOnlyList<Silence> silences) =>
        cluster is null || silences.Count == 0
        ? Task.CompletedTask
        : environment.Activity(cluster).RecordAsync(new(at, command, ActivityEntry.Done)
        {
            Seconds = (DateTimeOffset.UtcNow - at).TotalSeconds,
            Note = string.Join(
                "; ", silences.Select(s => $"{What(s)} until {s.EndsAt.UtcDateTime:yyyy-MM-dd HH:mm}Z: {OneLine.Of(s.Comment)}")),
        });

    private static string What(Silence silence) =>
        string.Join(' ', silence.Matchers.Where(m => m.Name != SilenceMatcher.Environment));

    private static JsonNode Json(Silence silence) => new JsonObject
    {
        ["id"] = silence.Id,
        ["matchers"] = new JsonArray([.. silence.Matchers.Select(m => (JsonNode)m.ToString())]),
        ["startsAt"] = silence.StartsAt,
        ["endsAt"] = silence.EndsAt,
        ["createdBy"] = silence.CreatedBy,
        ["comment"] = silence.Comment,
    };
}
