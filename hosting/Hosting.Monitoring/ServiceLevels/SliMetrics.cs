namespace MonoRepo.Hosting.Monitoring.ServiceLevels;

/// <summary>Names of the recorded series: labels that are left, what is measured, over which time.</summary>
internal static class SliMetrics
{
    public const string Objective = "job_sli:objective:ratio";
    public const string Requests = "job_sli:requests:rate5m";
    public const string Errors = "job_sli:errors:rate5m";
    public const string BudgetRemaining = "job_sli:error_budget_remaining:ratio30d";

    public static string ErrorRatio(string window) => $"job_sli:error_ratio:rate{window}";
}
