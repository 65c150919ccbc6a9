using Cronos;

namespace MonoRepo.Hosting;

/// <summary>When something runs, and what happens when the last run is still going on.</summary>
/// <param name="Cron">Five fields: minute, hour, day of month, month, day of week.</param>
internal sealed record Schedule(
    string Cron, string TimeZone = "Etc/UTC", ConcurrencyPolicy Concurrency = ConcurrencyPolicy.Forbid)
{
    /// <summary>What is wrong with it, and what would be right; null: nothing.</summary>
    internal (string Problem, string Fix)? FindError() =>
        !CronExpression.TryParse(Cron, out _) ? ($"'{Cron}' isn't a cron expression", "use five fields such as '0 3 * * *'")
        : !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _)
        ? ($"there is no time zone '{TimeZone}'", "use an IANA name such as Europe/Berlin")
        : null;

    /// <summary>When it is due after a time; null: never.</summary>
    internal DateTimeOffset? FindNext(DateTimeOffset after)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        return Expressions().Min(cron => CronExpression.Parse(cron).GetNextOccurrence(after, zone));
    }

    // Kubernetes runs a job on days that match either of the two fields for days, Cronos on those that match both.
    private IEnumerable<string> Expressions()
    {
        var fields = Cron.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [var minute, var hour, not ['*', ..] and not "?", var month, not ['*', ..] and not "?"]
            ? [$"{minute} {hour} {fields[2]} {month} *", $"{minute} {hour} * {month} {fields[4]}"]
            : [Cron];
    }
}

/// <summary>What happens when a run is due while the last one still runs.</summary>
public enum ConcurrencyPolicy
{
    /// <summary>The new one is skipped.</summary>
    Forbid,

    /// <summary>Both run.</summary>
    Allow,

    /// <summary>The old one is ended.</summary>
    Replace,
}
