using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>Tags as labels: <c>otel_scope_name="MonoRepo.Grpc",grpc_method="GetFeature"</c>.</summary>
internal static class LabelWriter
{
    // Names of tags are written in code, so there are few; should somebody make them up at run time, this does not grow with them.
    private const int CachedNames = 1000;
    private static readonly ConcurrentDictionary<string, string> Names = new();

    // A second label of these names would make the scraper refuse the whole answer.
    private static readonly string[] Reserved = ["le", "otel_scope_name", "otel_scope_version"];

    /// <summary>What all series of a metric begin with: the meter it is from.</summary>
    public static void WriteScope(TextBuffer buffer, Metric metric)
    {
        Write(buffer, "otel_scope_name", metric.MeterName);
        if (!string.IsNullOrEmpty(metric.MeterVersion))
        {
            Write(buffer, "otel_scope_version", metric.MeterVersion);
        }

        foreach (var (key, value) in metric.MeterTags ?? [])
        {
            Write(buffer, NameOf($"otel_scope_{key}"), value);
        }
    }

    public static void Write(TextBuffer buffer, in ReadOnlyTagCollection tags)
    {
        var index = 0;
        foreach (var (key, value) in tags)
        {
            var name = NameOf(key);
            if (IsTaken(name, index++, tags))
            {
                WriteMerged(buffer, tags);
                return;
            }
        }

        foreach (var (key, value) in tags)
        {
            var name = NameOf(key);
            if (!IsReserved(name))
            {
                Write(buffer, name, value);
            }
        }
    }

    public static void Write(TextBuffer buffer, string name, object? value)
    {
        if (buffer.Length > 0)
        {
            buffer.Add((byte)',');
        }

        buffer.Add(name).Add("=\""u8);
        if (value is string text)
        {
            buffer.AddEscaped(text);
        }
        else
        {
            buffer.AddEscaped(TextOf(value));
        }

        buffer.Add((byte)'"');
    }

    private static bool IsTaken(string name, int count, in ReadOnlyTagCollection tags)
    {
        foreach (var (key, _) in tags)
        {
            if (count-- == 0)
            {
                return false;
            }

            if (NameOf(key) == name)
            {
                return true;
            }
        }

        return false;
    }

    // a.b and a_b are one label; its values stand in the order of the tags' own names, a semicolon between.
    private static void WriteMerged(TextBuffer buffer, in ReadOnlyTagCollection tags)
    {
        var all = new List<KeyValuePair<string, object?>>();
        foreach (var tag in tags)
        {
            all.Add(tag);
        }

        foreach (var label in all.GroupBy(tag => NameOf(tag.Key)).Where(label => !IsReserved(label.Key)))
        {
            Write(buffer, label.Key, string.Join(';', label.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => TextOf(tag.Value))));
        }
    }

    private static bool IsReserved(string name) => name.Length <= 18 && Array.IndexOf(Reserved, name) >= 0;

    private static string NameOf(string key)
    {
        if (Names.TryGetValue(key, out var name))
        {
            return name;
        }

        name = MetricName.Sanitize(key);
        if (Names.Count < CachedNames)
        {
            Names.TryAdd(key, name);
        }

        return name;
    }

    // Whatever is no string stands as JSON has it: true, 7, ["a","b"].
    private static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        Array array => JsonSerializer.Serialize(array, array.GetType()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
