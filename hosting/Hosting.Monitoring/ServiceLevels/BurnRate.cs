namespace MonoRepo.Hosting.Monitoring.ServiceLevels;

/// <summary>
/// How fast an error budget may be spent before somebody is told: over the long window, and still so over the short one. The four
/// are those of the Google SRE workbook, chapter 5, table 5-8.
/// </summary>
/// <param name="Factor">How many times faster than the budget of 30 days lasts.</param>
/// <param name="Short">Short window, so that the alert ends soon after the fault does.</param>
/// <param name="Severity">Page or ticket.</param>
/// <param name="Spent">Which part of the budget is gone when it fires.</param>
internal sealed record BurnRate(double Factor, string Long, string Short, AlertSeverity Severity, string Spent)
{
    public static IReadOnlyList<BurnRate> All { get; } =
    [
        new(14.4, "1h", "5m", AlertSeverity.Page, "2 %"),
        new(6, "6h", "30m", AlertSeverity.Page, "5 %"),
        new(3, "1d", "2h", AlertSeverity.Ticket, "10 %"),
        new(1, "3d", "6h", AlertSeverity.Ticket, "10 %"),
    ];

    /// <summary>All windows, and the 30 days of the budget itself.</summary>
    public static IReadOnlyList<string> Windows { get; } = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"];
}
