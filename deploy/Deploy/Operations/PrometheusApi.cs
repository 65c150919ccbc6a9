using System.Net.Http.Json;
using System.Text.Json;

namespace MonoRepo.Deploy.Operations;

/// <summary>Asks Prometheus by its HTTP API (v1).</summary>
internal static class PrometheusApi
{
    /// <summary>Sends a query and reads the series of the answer.</summary>
    /// <param name="prometheus">Has the address of Prometheus.</param>
    /// <param name="path"><c>query</c> or <c>query_range</c>.</param>
    /// <param name="parameters">The query, and its times in seconds.</param>
    /// <param name="read">Reads a series: <c>metric</c>, and <c>value</c> or <c>values</c>.</param>
    /// <exception cref="DeployException">Prometheus can't be queried, or refuses.</exception>
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(
        HttpClient prometheus, string path, IReadOnlyDictionary<string, string> parameters,
        Func<JsonElement, IEnumerable<T>> read, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(parameters);
        try
        {
            // {"status": "success", "data": {"result": [{"metric": {"job": "web"}, "value": [1700000000, "0.25"]}]}}
            using var response = await prometheus.PostAsync($"api/v1/{path}", form, cancellationToken);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return answer.GetProperty("status").GetString() == "success"
                ? [.. answer.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(read)]
                : throw new DeployException(
                    $"Prometheus at {prometheus.BaseAddress} refuses the query: {answer.GetProperty("error").GetString()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DeployException($"Prometheus at {prometheus.BaseAddress} can't be queried: {exception.Message}", exception);
        }
    }
}
