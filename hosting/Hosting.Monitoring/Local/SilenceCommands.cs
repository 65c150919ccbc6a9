using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>Buttons of the local Alertmanager in the dashboard: silence an alert, and end all silences.</summary>
/// <param name="known">Names of the graph's alerts.</param>
internal sealed class SilenceCommands(EndpointReference alertmanager, Func<IReadOnlyCollection<string>> known)
{
    public const string Silence = "silence";
    public const string Expire = "expire-silences";

    /// <summary>The argument: which alert.</summary>
    public const string Alert = "alert";

    /// <summary>The argument: for how many minutes.</summary>
    public const string Minutes = "for";

    /// <summary>The argument: why.</summary>
    public const string Comment = "comment";

    private const int MaxComment = 500;

    // In minutes.
    private static readonly KeyValuePair<string, string>[] s_times =
    [new("15", "15 minutes"), new("60", "1 hour"), new("240", "4 hours"), new("1440", "1 day"), new("10080", "7 days")];

    private AlertmanagerClient? _client;

    // Where it listens is known when it runs.
    private AlertmanagerClient Client => _client ??=
        new(new() { BaseAddress = new($"{alertmanager.Url}/"), Timeout = TimeSpan.FromSeconds(10) }, environment: null);

    public void Add(IResourceBuilder<MonitoringProgramResource> builder) => builder
        .WithCommand(Silence, "Silence an alert", context => RunAsync(context, SilenceAsync), Options(
            "Lets nobody be told of an alert for a while.",
            "AlertOff",
            // First, since the dashboard moves the focus to the first input, and fails where that is a choice.
            new() { Name = Comment, Label = "Why", InputType = InputType.Text, MaxLength = MaxComment },
            new()
            {
                Name = Alert,
                Label = "Alert",
                InputType = InputType.Choice,
                Required = true,
                DynamicLoading = new() { LoadCallback = LoadAlertsAsync },
            },
            new()
            {
                Name = Minutes,
                Label = "For",
                InputType = InputType.Choice,
                Required = true,
                Options = s_times,
                Value = "60",
            }))
        .WithCommand(Expire, "Expire silences", context => RunAsync(context, ExpireAsync), Options(
            "Ends all silences.", "Alert"));

    private static CommandOptions Options(
        string description, string icon, params IReadOnlyList<InteractionInput> arguments) => new()
        {
            Description = description,
            IconName = icon,
            Arguments = arguments,
            UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                ? ResourceCommandState.Enabled
                : ResourceCommandState.Disabled,
        };

    private static async Task<ExecuteCommandResult> RunAsync(
        ExecuteCommandContext context, Func<InteractionInputCollection, CancellationToken, Task<string>> execute)
    {
        try
        {
            return CommandResults.Success(await execute(context.Arguments, context.CancellationToken));
        }
        catch (DistributedApplicationException exception)
        {
            return CommandResults.Failure(exception.Message);
        }
    }

    private async Task<string> SilenceAsync(InteractionInputCollection arguments, CancellationToken cancellationToken)
    {
        var (alert, minutes) = (arguments.GetString(Alert)!, arguments.GetInt32(Minutes));
        var comment = arguments.GetString(Comment) is { Length: > 0 } text ? text : "in the dashboard";
        var now = DateTimeOffset.Now;
        var silence = new Silence([SilenceMatcher.Alert(alert)], now, now.AddMinutes(minutes), Environment.UserName, comment);
        await Client.AddAsync(silence.In(DeploymentEnvironmentResource.Personal), cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{alert} is silenced until {silence.EndsAt:yyyy-MM-dd HH:mm}.");
    }

    private async Task<string> ExpireAsync(InteractionInputCollection arguments, CancellationToken cancellationToken)
    {
        var silences = await Client.ListAsync(cancellationToken);
        foreach (var silence in silences)
        {
            await Client.ExpireAsync(silence.Id!, cancellationToken);
        }

        return silences.Count == 1 ? "1 silence ended." : $"{silences.Count} silences ended.";
    }

    private async Task LoadAlertsAsync(LoadInputContext context)
    {
        var firing = await Client.FiringAsync(context.CancellationToken);
        context.Input.Options =
        [
            .. firing.Select(a =>
                KeyValuePair.Create(a.Name, $"{a.Name}, which fires{(a.Count > 1 ? $" {a.Count} times" : "")}")),
            .. known().Except(firing.Select(a => a.Name)).Order(StringComparer.Ordinal).Select(a => KeyValuePair.Create(a, a)),
        ];
    }
}
