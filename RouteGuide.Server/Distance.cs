using MonoRepo.RouteGuide.Server.Storage;

namespace MonoRepo.RouteGuide.Server;

/// <summary>Distances on a sphere of the earth's mean radius, 6 371 000 m, by the haversine formula.</summary>
internal static class Distance
{
    private const double EarthRadius = 6_371_000;

    public static double Metres(Location from, Location to)
    {
        var (latitude1, latitude2) = (Radians(from.Latitude), Radians(to.Latitude));
        var halfLatitude = Math.Sin((latitude2 - latitude1) / 2);
        var halfLongitude = Math.Sin(Radians((double)to.Longitude - from.Longitude) / 2);
        var square = (halfLatitude * halfLatitude) + (Math.Cos(latitude1) * Math.Cos(latitude2) * halfLongitude * halfLongitude);
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(square)));
    }

    private static double Radians(double e7) => e7 / 1e7 * Math.PI / 180;
}
