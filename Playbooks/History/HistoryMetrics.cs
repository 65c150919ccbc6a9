using System.Diagnostics.Metrics;
using System.Globalization;

namespace MonoRepo.Playbooks.History;

/// <summary>
/// What was done, as a metric: the value is the time, in milliseconds, as annotations of Grafana take it
/// (<c>useValueForTime</c>).
/// </summary>
internal sealed class HistoryMetrics : IDisposable
{
    /// <summary>The newest are shown: each is a series.</summary>
    public const int Shown = 50;

    private const int LabelLength = 120;

    private readonly Meter _meter = new("MonoRepo.Playbooks");

    public HistoryMetrics(HistoryFile file) => _meter.CreateObservableGauge(
        "history.entry.time", () => file.Read().Take(Shown).Select(Measure), "ms", "When something was done to the environment.");

    public void Dispose() => _meter.Dispose();

    private static Measurement<double> Measure(HistoryEntry entry) => new(
        entry.At.ToUnixTimeMilliseconds(),
        new("at", entry.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
        new("by", Bound(entry.By)),
        new("command", Bound(entry.Command)),
        new("commit", entry.ShortCommit),
        new("result", Bound(entry.Result)),
        new("what", Bound(entry.What)));

    private static string Bound(string text) => text.Length <= LabelLength ? text : text[..LabelLength];
}
