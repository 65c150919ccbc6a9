using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting.Run.Health;

/// <summary>
/// How long to wait before the next check: 100 ms after the start, growing to two seconds while a resource is not healthy;
/// five seconds while it is. See docs/adr.
/// </summary>
internal sealed class HealthPace
{
    private static readonly TimeSpan _first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _healthy = TimeSpan.FromSeconds(5);
    private TimeSpan _next = _first;

    public TimeSpan Next(HealthStatus status)
    {
        if (status == HealthStatus.Healthy)
        {
            _next = _first;
            return _healthy;
        }

        var delay = _next;
        _next = TimeSpan.FromTicks(Math.Min((long)(delay.Ticks * 1.2), _longest.Ticks));
        return delay;
    }
}
