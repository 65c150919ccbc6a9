using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.ServiceDefaults.Telemetry;

/// <summary>
/// gRPC for .NET publishes its counters (total-calls, current-calls, calls-failed, messages-sent …) as event counters only.
/// This shows them as observable instruments of one meter, <c>grpc.server.total-calls</c> and so on.
/// </summary>
internal sealed class GrpcEventCounters : EventListener, IHostedService
{
    private const string IntervalSeconds = "5";

    // The base constructor already calls OnEventSourceCreated, before a constructor body of ours would run: the field
    // initializers do run before it.
    private readonly Meter _meter = new("MonoRepo.Grpc");
    private readonly ConcurrentDictionary<string, double> _values = new();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (PrefixOf(eventSource.Name) is not null)
        {
            EnableEvents(eventSource, EventLevel.LogAlways, EventKeywords.None,
                new Dictionary<string, string?> { ["EventCounterIntervalSec"] = IntervalSeconds });
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != "EventCounters" || PrefixOf(eventData.EventSource.Name) is not { } prefix)
        {
            return;
        }

        foreach (var counter in eventData.Payload!.OfType<IDictionary<string, object?>>())
        {
            if (counter.TryGetValue("Name", out var name) && counter.TryGetValue("Mean", out var mean) && mean is double value)
            {
                Set($"{prefix}.{name}", value);
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _meter.Dispose();
    }

    private static string? PrefixOf(string eventSource) => eventSource switch
    {
        "Grpc.AspNetCore.Server" => "grpc.server",
        "Grpc.Net.Client" => "grpc.client",
        _ => null,
    };

    private void Set(string name, double value)
    {
        if (_values.TryAdd(name, value))
        {
            _meter.CreateObservableGauge(name, () => _values[name]);
        }
        else
        {
            _values[name] = value;
        }
    }
}
