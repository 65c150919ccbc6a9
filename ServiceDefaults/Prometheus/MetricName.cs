using System.Text;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>
/// What an OpenTelemetry instrument is called in Prometheus:
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#otlp-metric-points-to-prometheus.
/// </summary>
/// <param name="Family">The name without a counter's suffix, as OpenMetrics writes it in metadata: <c>http_server_request_duration_seconds</c>.</param>
/// <param name="Unit">The unit that the name ends with, in words; null where it ends with none.</param>
internal readonly record struct MetricName(string Family, string? Unit)
{
    private const string Total = "_total";

    /// <param name="instrument">The instrument's name, such as <c>http.server.request.duration</c>.</param>
    /// <param name="unit">The instrument's unit in UCUM, such as <c>s</c>, <c>By</c> or <c>{request}</c>.</param>
    /// <param name="isCounter">Whether it only grows; its samples then end with <c>_total</c>.</param>
    public static MetricName Of(string instrument, string? unit, bool isCounter)
    {
        var name = Sanitize(instrument, allowColon: true);
        if (isCounter && name.EndsWith(Total, StringComparison.Ordinal))
        {
            name = name[..^Total.Length];
        }

        var words = Words(unit);
        if (words.Length > 0 && name != words && !name.EndsWith($"_{words}", StringComparison.Ordinal))
        {
            name = $"{name}_{words}";
        }

        return new(name, words.Length > 0 ? words : null);
    }

    /// <summary>Letters, digits and single underscores, not beginning with a digit.</summary>
    public static string Sanitize(string name, bool allowColon = false)
    {
        if (IsValid(name, allowColon))
        {
            return name;
        }

        var text = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            text.Append('_');
        }

        foreach (var c in name)
        {
            var valid = char.IsAsciiLetterOrDigit(c) || (allowColon && c == ':');
            if (valid || text.Length == 0 || text[^1] != '_')
            {
                text.Append(valid ? c : '_');
            }
        }

        return text.ToString();
    }

    private static bool IsValid(string name, bool allowColon)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (!(char.IsAsciiLetter(c) || (c == ':' && allowColon) || (i > 0 && char.IsAsciiDigit(c)) || (c == '_' && (i == 0 || name[i - 1] != '_'))))
            {
                return false;
            }
        }

        return name.Length > 0;
    }

    private static string Words(string? unit)
    {
        // {request} -> nothing: an annotation is no unit
        while (unit is not null && unit.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open && unit.IndexOf('}', open) is > 0 and var close)
        {
            unit = unit.Remove(open, close - open + 1);
        }

        if (string.IsNullOrEmpty(unit))
        {
            return "";
        }

        // By/s -> bytes_per_second
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        var words = slash >= 0 && slash < unit.Length - 1 ? $"{Plural(unit[..slash])}_per_{Singular(unit[(slash + 1)..])}" : Plural(unit);
        return words.Length == 0 ? "" : Sanitize(words).Trim('_');
    }

    private static string Plural(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "kBy" or "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "1" => "",
        _ => unit,
    };

    private static string Singular(string unit) => unit switch
    {
        "s" => "second",
        "m" or "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => unit,
    };
}
