using System.Globalization;

namespace MonoRepo.Playbooks.Dashboards;

/// <summary>Values by Grafana's names of units; a name that isn't known is a plain number.</summary>
internal static class Units
{
    private static readonly string[] s_bytes = ["B", "KiB", "MiB", "GiB", "TiB"];
    private static readonly string[] s_thousands = ["", "K", "M", "G", "T"];

    /// <summary>A value as in <c>1.5 MiB</c>.</summary>
    public static string Format(string unit, double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }

        return unit switch
        {
            "percentunit" => $"{Number(value * 100)} %",
            "s" => Duration(value),
            "bytes" => Scaled(value, 1024, s_bytes, " "),
            "Bps" => Scaled(value, 1024, s_bytes, " ") + "/s",
            "reqps" or "ops" => Scaled(value, 1000, s_thousands, "") + "/s",
            _ => Scaled(value, 1000, s_thousands, ""),
        };
    }

    /// <summary>Three or four marks from the floor of a graph to its top, each a number that is easy to read.</summary>
    public static IReadOnlyList<double> Ticks(string unit, double lowest, double highest)
    {
        var size = unit is "bytes" or "Bps" ? Math.Pow(1024, Math.Max(0, Math.Floor(Math.Log(Math.Max(1, highest), 1024)))) : 1;
        var (low, high) = (lowest / size, highest / size);
        var rough = (high - low) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        var first = Math.Floor(low / step);
        return [.. Enumerable.Range(0, (int)(Math.Ceiling(high / step) - first) + 1).Select(i => (first + i) * step * size)];
    }

    private static string Duration(double seconds) => Math.Abs(seconds) switch
    {
        0 => "0 s",
        < 0.001 => $"{Number(seconds * 1e6)} µs",
        < 1 => $"{Number(seconds * 1e3)} ms",
        < 120 => $"{Number(seconds)} s",
        < 7200 => $"{Number(seconds / 60)} min",
        < 172800 => $"{Number(seconds / 3600)} h",
        _ => $"{Number(seconds / 86400)} d",
    };

    private static string Scaled(double value, double factor, string[] names, string space)
    {
        var index = 0;
        for (; Math.Abs(value) >= factor && index < names.Length - 1; index++)
        {
            value /= factor;
        }

        return $"{Number(value)}{space}{names[index]}";
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) < 1 ? "G3" : "0.##", CultureInfo.InvariantCulture);
}
