using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>The features in the process's own memory: what a store can cost least, and enough for a single instance.</summary>
internal sealed class MemoryFeatureStore : IFeatureStore
{
    private readonly FrozenDictionary<Location, string> _names;
    private readonly ulong[] _codes;
    private readonly NamedLocation[] _features;

    public MemoryFeatureStore(IReadOnlyCollection<NamedLocation> features)
    {
        _names = features.ToFrozenDictionary(feature => feature.Location, feature => feature.Name);
        _features = [.. features.OrderBy(feature => ZOrder.Encode(feature.Location))];
        _codes = [.. _features.Select(feature => ZOrder.Encode(feature.Location))];
    }

    public ValueTask<string?> FindAsync(Location location, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_names.GetValueOrDefault(location));

    public async IAsyncEnumerable<NamedLocation> ListAsync(
        Area area, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (first, last) in ZOrder.Cover(area, ZOrder.Square.World, unitBits: 0))
        {
            var start = Array.BinarySearch(_codes, first);
            for (var i = start < 0 ? ~start : start; i < _codes.Length && _codes[i] <= last; i++)
            {
                if (area.Contains(_features[i].Location))
                {
                    yield return _features[i];
                }
            }
        }
    }
}
