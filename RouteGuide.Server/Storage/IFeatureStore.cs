namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>The feature database.</summary>
internal interface IFeatureStore
{
    /// <summary>The name of the feature at exactly this location; null where there is none.</summary>
    ValueTask<string?> FindAsync(Location location, CancellationToken cancellationToken);

    /// <summary>Every feature in the area, in no particular order, read while the caller consumes it.</summary>
    IAsyncEnumerable<NamedLocation> ListAsync(Area area, CancellationToken cancellationToken);
}
