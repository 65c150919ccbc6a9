using MonoRepo.RouteGuide.Server.Storage;
using Routeguide;

namespace MonoRepo.RouteGuide.Server;

/// <summary>
/// Sums up one route while its points come in; look-ups of features run beside the reading, a bounded number at once.
/// </summary>
internal sealed class RouteRecorder(IFeatureStore features, TimeProvider clock, CancellationToken cancellationToken)
{
    private const int LookupsAtOnce = 64;

    private readonly long _start = clock.GetTimestamp();
    private readonly Queue<ValueTask<string?>> _lookups = new(LookupsAtOnce);
    private Location? _last;
    private double _metres;
    private int _featureCount;

    public int PointCount { get; private set; }

    public async Task AddAsync(Location point)
    {
        PointCount++;
        _metres += _last is { } last ? Distance.Metres(last, point) : 0;
        _last = point;
        if (_lookups.Count == LookupsAtOnce)
        {
            await CountAsync();
        }

        _lookups.Enqueue(features.FindAsync(point, cancellationToken));
    }

    public async Task<RouteSummary> FinishAsync()
    {
        while (_lookups.Count > 0)
        {
            await CountAsync();
        }

        return new RouteSummary
        {
            PointCount = PointCount,
            FeatureCount = _featureCount,
            Distance = (int)Math.Min(Math.Round(_metres), int.MaxValue),
            ElapsedTime = (int)clock.GetElapsedTime(_start).TotalSeconds,
        };
    }

    private async Task CountAsync()
    {
        if (await _lookups.Dequeue() is { Length: > 0 })
        {
            _featureCount++;
        }
    }
}
