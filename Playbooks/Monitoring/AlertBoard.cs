namespace MonoRepo.Playbooks.Monitoring;

/// <summary>An alerting rule as Prometheus has it.</summary>
internal sealed record AlertingRule(string Name, string Query, Dictionary<string, string> Annotations, List<ActiveAlert> Alerts);

/// <summary>An alert that Prometheus sees.</summary>
internal sealed record ActiveAlert(
    Dictionary<string, string> Labels, Dictionary<string, string> Annotations, string State, DateTimeOffset ActiveAt);

/// <summary>An alert that Alertmanager was told of.</summary>
internal sealed record ManagedAlert(
    Dictionary<string, string> Labels, Dictionary<string, string> Annotations, DateTimeOffset StartsAt, ManagedState Status);

/// <param name="State">Of an alert such as <c>active</c>, <c>suppressed</c>; of a silence such as <c>expired</c>.</param>
/// <param name="SilencedBy">Ids of the silences that an alert is hidden by.</param>
internal sealed record ManagedState(string State, List<string>? SilencedBy);

/// <summary>A silence.</summary>
internal sealed record Silence(
    List<SilenceMatcher> Matchers, DateTimeOffset EndsAt, string CreatedBy, string Comment, ManagedState Status);

internal sealed record SilenceMatcher(string Name, string Value, bool IsRegex, bool IsEqual = true)
{
    public override string ToString() => $"{Name}{(IsEqual ? IsRegex ? "=~" : "=" : IsRegex ? "!~" : "!=")}\"{Value}\"";
}

/// <summary>An alert as a person looks at it.</summary>
/// <param name="State"><c>firing</c>, <c>pending</c>, or of those that fire <c>silenced</c> or <c>inhibited</c>.</param>
/// <param name="Since">When that began.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Annotations">What its rule says of it.</param>
internal sealed record BoardAlert(
    string State, DateTimeOffset Since, Dictionary<string, string> Labels, Dictionary<string, string> Annotations)
{
    private static readonly string[] s_order = ["firing", "pending", "inhibited", "silenced"];

    public string Name => Labels.GetValueOrDefault("alertname", "alert");

    public string Severity => Labels.GetValueOrDefault("severity", "");

    public string Summary => Annotations.GetValueOrDefault("summary", "");

    public int Rank => (2 * Array.IndexOf(s_order, State)) + (Severity is "page" or "critical" ? 0 : 1);

    /// <summary>Labels that aren't shown in columns of their own.</summary>
    public IEnumerable<string> OtherLabels =>
        Labels.Where(label => label.Key is not ("alertname" or "severity"))
            .OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}");
}

/// <summary>What fires, and what is silenced: Prometheus' alerts, with what Alertmanager does to them.</summary>
internal sealed record AlertBoard(
    IReadOnlyList<AlertingRule> Rules,
    IReadOnlyList<BoardAlert> Alerts,
    IReadOnlyList<Silence> Silences,
    IReadOnlyList<string> Problems)
{
    public static async Task<AlertBoard> ReadAsync(MonitoringApi api, CancellationToken cancellationToken)
    {
        var (asked, askedManaged, askedSilences) = (
            api.ReadRulesAsync(cancellationToken),
            api.ReadAlertmanagerAsync<ManagedAlert>("alerts", cancellationToken),
            api.ReadAlertmanagerAsync<Silence>("silences", cancellationToken));
        var (rules, managed, silences) = (await asked, await askedManaged, await askedSilences);
        var alerts = rules.Value.SelectMany(rule => rule.Alerts).Select(alert => new BoardAlert(
            StateOf(alert, managed.Value), alert.ActiveAt, alert.Labels, alert.Annotations));
        var others = managed.Value.Where(known => !rules.Value.Any(rule => rule.Alerts.Exists(alert => IsSame(known, alert))))
            .Select(known => new BoardAlert(StateOf(known), known.StartsAt, known.Labels, known.Annotations));
        return new(
            rules.Value,
            [
                .. from alert in alerts.Concat(others)
                   orderby alert.Rank, alert.Name, alert.Since
                   select alert,
            ],
            [.. silences.Value.Where(silence => silence.Status.State != "expired").OrderBy(silence => silence.EndsAt)],
            [.. new[] { rules.Problem, managed.Problem ?? silences.Problem }.OfType<string>()]);
    }

    private static string StateOf(ActiveAlert alert, IReadOnlyList<ManagedAlert> managed) =>
        alert.State == "firing" && managed.FirstOrDefault(known => IsSame(known, alert)) is { } found
            ? StateOf(found)
            : alert.State;

    private static string StateOf(ManagedAlert alert) =>
        alert.Status is not { State: "suppressed", SilencedBy: var silences } ? "firing"
        : silences is { Count: > 0 } ? "silenced"
        : "inhibited";

    // Alertmanager has the external labels of the Prometheus that told it, too.
    private static bool IsSame(ManagedAlert known, ActiveAlert alert) =>
        alert.Labels.All(label => known.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
