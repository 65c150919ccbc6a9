using System.Net;
using MonoRepo.Tests.Services;

namespace MonoRepo.Tests;

/// <summary>The service as a process of its own.</summary>
internal sealed class PlaybooksProcess : IAsyncDisposable
{
    private readonly ServiceProcess _process;
    private readonly HttpClient _http = new();

    private PlaybooksProcess(ServiceProcess process) => _process = process;

    public Uri Address => _process.Addresses[0];

    public static async Task<PlaybooksProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var variables = settings.ToDictionary(setting => $"Playbooks__{setting.Name}", setting => setting.Value);
        var playbooks = new PlaybooksProcess(ServiceProcess.Start("Playbooks", variables));
        await playbooks._process.WaitForAddressesAsync(1, TestContext.Current.CancellationToken);
        return playbooks;
    }

    /// <summary>A page, whose policy has to forbid scripts whatever else is true.</summary>
    public async Task<(HttpStatusCode Status, string Html)> GetAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(Address, path));
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.StartsWith(
            "default-src 'none'; style-src 'sha256-",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A page that is there.</summary>
    public async Task<string> GetPageAsync(string path)
    {
        var (status, html) = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, status);
        return html;
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(_process.Log);
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
