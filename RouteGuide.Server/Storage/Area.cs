namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>What lies between two parallels and two meridians, edges included.</summary>
internal readonly record struct Area(int South, int West, int North, int East)
{
    /// <summary>The area between any two opposite corners.</summary>
    public static Area Between(Location one, Location other) => new(
        Math.Min(one.Latitude, other.Latitude), Math.Min(one.Longitude, other.Longitude),
        Math.Max(one.Latitude, other.Latitude), Math.Max(one.Longitude, other.Longitude));

    public bool Contains(Location location) =>
        location.Latitude >= South && location.Latitude <= North && location.Longitude >= West && location.Longitude <= East;
}
