using System.Text.Json;

namespace MonoRepo.Tests;

/// <summary>The part of Prometheus' HTTP API that the tests ask.</summary>
internal sealed class PrometheusApi(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    public Uri Address => _client.BaseAddress!;

    public void Dispose() => _client.Dispose();

    public async Task<IReadOnlyList<(string Pod, string Health)>> TargetsAsync(CancellationToken cancellationToken)
    {
        using var answer = await GetAsync("/api/v1/targets?state=active", cancellationToken);
        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("activeTargets").EnumerateArray()
                .Select(t => (t.GetProperty("labels").GetProperty("pod").GetString()!, t.GetProperty("health").GetString()!)),
        ];
    }

    /// <summary>How many series an expression returns now.</summary>
    public async Task<int> CountAsync(string expression, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}", cancellationToken);
        Assert.True(answer.RootElement.GetProperty("status").GetString() == "success", $"{expression}: {answer.RootElement}");
        return answer.RootElement.GetProperty("data").GetProperty("result").GetArrayLength();
    }

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(path, cancellationToken);
        return await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
    }
}
