namespace MonoRepo.Hosting.Monitoring.Prometheus;

/// <summary>Durations as Prometheus writes them.</summary>
internal static class PromDuration
{
    public static string Of(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0s",
        _ when time.Ticks % TimeSpan.TicksPerDay == 0 => FormattableString.Invariant($"{time.TotalDays}d"),
        _ when time.Ticks % TimeSpan.TicksPerHour == 0 => FormattableString.Invariant($"{time.TotalHours}h"),
        _ when time.Ticks % TimeSpan.TicksPerMinute == 0 => FormattableString.Invariant($"{time.TotalMinutes}m"),
        _ => FormattableString.Invariant($"{(long)time.TotalSeconds}s"),
    };
}
