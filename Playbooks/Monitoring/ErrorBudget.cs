namespace MonoRepo.Playbooks.Monitoring;

/// <summary>What is left of a service level's error budget, from the rules that record it.</summary>
internal sealed record ErrorBudget(string Job, string Indicator, double Objective, double FellShort, double Remaining)
{
    private const string Objectives = "job_sli:objective:ratio";
    private const string LastHour = "job_sli:error_ratio:rate1h";
    private const string Left = "job_sli:error_budget_remaining:ratio30d";

    public static async Task<IReadOnlyList<ErrorBudget>> ReadAsync(MonitoringApi api, CancellationToken cancellationToken)
    {
        // The board says why there are none.
        var recorded = await api.QueryAsync($"{{__name__=~\"{Objectives}|{LastHour}|{Left}\"}}", cancellationToken);
        return
        [
            .. from series in recorded.Value
               group series by (Job: Label(series, "job"), Sli: Label(series, "sli")) into one
               orderby one.Key
               select new ErrorBudget(one.Key.Job, one.Key.Sli, Value(one, Objectives), Value(one, LastHour), Value(one, Left)),
        ];
    }

    private static string Label(Series series, string name) => series.Labels.GetValueOrDefault(name, "");

    private static double Value(IEnumerable<Series> all, string name) =>
        all.FirstOrDefault(series => Label(series, "__name__") == name)?.Last ?? double.NaN;
}
