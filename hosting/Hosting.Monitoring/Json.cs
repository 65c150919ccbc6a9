using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>
/// Records as JSON: fields in the order of the record, nulls left out. Every file that Prometheus, Alertmanager and Kubernetes
/// read as YAML may be JSON.
/// </summary>
internal static class Json
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    private static readonly JsonSerializerOptions s_snakeCase =
        new(s_options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>With names as Kubernetes and Grafana write them.</summary>
    public static string Of(object value) => JsonSerializer.Serialize(value, s_options);

    /// <summary>With names as Prometheus and Alertmanager write them.</summary>
    public static string SnakeCase(object value) => JsonSerializer.Serialize(value, s_snakeCase);
}
