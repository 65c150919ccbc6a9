using System.Globalization;
using System.Text;
using MonoRepo.Playbooks.History;
using MonoRepo.Playbooks.Monitoring;

namespace MonoRepo.Playbooks.Dashboards;

/// <summary>A labelled position on an axis.</summary>
internal readonly record struct Tick(string Position, string Text);

/// <summary>A series as a line; the path has a gap where there are no samples.</summary>
internal sealed record Line(string Name, string Last, string Path);

/// <summary>The lines, axis ticks and history annotations of a chart, in pixels.</summary>
internal sealed record Chart(
    IReadOnlyList<Line> Lines, int More, IReadOnlyList<Tick> XTicks, IReadOnlyList<Tick> YTicks, IReadOnlyList<Tick> Annotations)
{
    public const int Width = 480;
    public const int Height = 180;
    public const int Left = 64;
    public const int Right = 460;
    public const int Top = 10;
    public const int Bottom = 156;

    /// <summary>More can't be told apart.</summary>
    private const int MaxLines = 12;

    public static Chart Draw(PanelData data, IReadOnlyList<HistoryEntry> history, TimeWindow window)
    {
        var all = data.Series.SelectMany(series => series).ToList();
        var shown = all.Take(MaxLines).ToList();
        var values = shown.SelectMany(one => one.Series.Points).Select(point => point.Value)
            .Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var lowest = Math.Min(0, values.Min());
        var ticks = Units.Ticks(data.Panel.Unit, lowest, values.Max() > lowest ? values.Max() : lowest + 1);
        var (floor, top, start) = (ticks[0], ticks[^1], data.End - window.Length);
        var firstTick = (start + window.Tick - 1) / window.Tick * window.Tick;
        return new(
            [.. shown.Select(one => new Line(one.Name, Units.Format(data.Panel.Unit, one.Series.Last), PathOf(one.Series)))],
            all.Count - shown.Count,
            [
                .. from i in Enumerable.Range(0, (int)(window.Length / window.Tick) + 1)
                   let time = firstTick + (i * window.Tick)
                   where time <= data.End
                   let text = DateTimeOffset.FromUnixTimeSeconds(time).ToString("HH:mm", CultureInfo.InvariantCulture)
                   select new Tick(Pixel(X(time)), text),
            ],
            [.. ticks.Select(value => new Tick(Pixel(Y(value)), Units.Format(data.Panel.Unit, value)))],
            [
                .. from entry in history
                   let time = entry.At.ToUnixTimeSeconds()
                   where time >= start && time <= data.End
                   select new Tick(Pixel(X(time)), entry.Title),
            ]);

        double X(double time) => Left + ((Right - Left) * (time - start) / window.Length);

        double Y(double value) => Bottom - ((Bottom - Top) * (value - floor) / (top - floor));

        string PathOf(Series series)
        {
            var path = new StringBuilder();
            var last = double.NegativeInfinity;
            foreach (var (time, value) in series.Points.Where(point => double.IsFinite(point.Value)))
            {
                // A sample on its own is a dot: a line of no length has round ends.
                var isNew = time - last > 1.5 * window.Step;
                path.Append(isNew ? 'M' : 'L').Append(Pixel(X(time))).Append(' ').Append(Pixel(Y(value)));
                path.Append(isNew ? "h0" : "");
                last = time;
            }

            return path.ToString();
        }
    }

    private static string Pixel(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
