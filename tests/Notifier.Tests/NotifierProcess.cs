using System.Net.Http.Headers;
using System.Net.Http.Json;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;

[assembly: AssemblyFixture(typeof(MonoRepo.Tests.SharedRedis))]

namespace MonoRepo.Tests;

/// <summary>One cluster for all tests that don't restart theirs; each test has receivers of its own in it.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private RedisClusterProcess? _cluster;

    public string ConnectionString
    {
        get
        {
            Assert.SkipWhen(_cluster is null, RedisClusterProcess.ReasonToSkip(RedisEngine.RedisServer) ?? "");
            return _cluster!.ConnectionString;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (RedisClusterProcess.ReasonToSkip(RedisEngine.RedisServer) is null)
        {
            _cluster = await RedisClusterProcess.StartAsync(RedisEngine.RedisServer);
        }
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A replica of the notifier, which retries quickly.</summary>
internal sealed class NotifierProcess : IAsyncDisposable
{
    public const string Token = "a-token";

    private readonly HttpClient _http = new();

    private NotifierProcess(ServiceProcess process) => Process = process;

    public ServiceProcess Process { get; }

    public Uri Alerts => new(Process.Addresses[0], "/alerts");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<NotifierProcess> StartAsync(string redis, params (string Name, string Value)[] settings)
    {
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__redis"] = redis,
            ["Notifier__Token"] = Token,
            ["Notifier__RetryDelay"] = "00:00:00.2",
            ["Notifier__MaxRetryDelay"] = "00:00:01",
        };
        foreach (var (name, value) in settings)
        {
            variables[$"Notifier__{name}"] = value;
        }

        var notifier = new NotifierProcess(ServiceProcess.Start("Notifier", variables));
        await notifier.Process.WaitForAddressesAsync(1, Cancellation);
        await Eventually.HoldsAsync(notifier.IsReadyAsync, "it is ready");
        return notifier;
    }

    /// <summary>Whether a cluster would send it requests.</summary>
    public async Task<bool> IsReadyAsync() =>
        (await _http.GetAsync(new Uri(Alerts, "/health"), Cancellation)).IsSuccessStatusCode;

    /// <summary>What Alertmanager would post.</summary>
    public static object Group(
        string name, string severity = "ticket", string status = "firing", string startsAt = "2026-11-27T08:00:00Z") => new
        {
            version = "4",
            groupKey = $"{{}}:{{alertname=\"{name}\"}}",
            truncatedAlerts = 0,
            status,
            receiver = severity,
            groupLabels = new { alertname = name },
            alerts = new[]
        {
            new
            {
                status,
                labels = new { alertname = name, severity },
                annotations = new { summary = $"{name} has happened.", runbook_url = $"docs/runbooks/{name}.md" },
                startsAt,
                fingerprint = $"f-{name}",
            },
        },
        };

    public Task<int> PostAsync(object body, string? token = Token) => PostAsync(Alerts, body, token);

    public Task<int> PostReportAsync(object body, string token = Token) => PostAsync(new(Alerts, "/reports"), body, token);

    /// <summary>Waits until so many notifications were <c>sent</c>, <c>refused</c> …</summary>
    public Task WaitForAsync(string receiver, string result, int count) =>
        WaitForAsync(
            $"notifier_deliveries_total{{otel_scope_name=\"MonoRepo.Notifier\"," +
            $"receiver=\"{receiver}\",result=\"{result}\"}} {count}");

    /// <summary>Waits until so many notifications are left to send.</summary>
    public Task WaitForQueueAsync(string receiver, int count) =>
        WaitForAsync($"notifier_queue_length{{otel_scope_name=\"MonoRepo.Notifier\",receiver=\"{receiver}\"}} {count}");

    private Task WaitForAsync(string metric) => Eventually.HoldsAsync(
        async () => (await _http.GetStringAsync(new Uri(Alerts, "/metrics"), Cancellation)).Split('\n').Contains(metric),
        $"there is {metric}");

    private async Task<int> PostAsync(Uri address, object body, string? token)
    {
        using var content = body as HttpContent ?? JsonContent.Create(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };

        // A body that is refused by its length isn't sent, so that no broken connection hides the answer.
        request.Headers.ExpectContinue = true;
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request, Cancellation);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(Process.Log);
        _http.Dispose();
        await Process.DisposeAsync();
    }
}
