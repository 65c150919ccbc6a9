using Grpc.Core;
using MonoRepo.RouteGuide.Server.Storage;
using Routeguide;

namespace MonoRepo.RouteGuide.Server;

/// <summary>From the wire's coordinates to checked ones: what is no place on earth is INVALID_ARGUMENT and named.</summary>
internal static class Coordinates
{
    public static Location Check(Point? point, string field)
    {
        if (point is null)
        {
            throw Invalid($"{field} is missing.");
        }

        if (point.Latitude is < -Location.MaxLatitude or > Location.MaxLatitude)
        {
            throw Invalid(
                $"{field}.latitude is {point.Latitude}; it must be from -{Location.MaxLatitude} to {Location.MaxLatitude} " +
                "(degrees times 10^7).");
        }

        if (point.Longitude is < -Location.MaxLongitude or > Location.MaxLongitude)
        {
            throw Invalid(
                $"{field}.longitude is {point.Longitude}; it must be from -{Location.MaxLongitude} to {Location.MaxLongitude} " +
                "(degrees times 10^7).");
        }

        return new Location(point.Latitude, point.Longitude);
    }

    public static Area Check(Rectangle rectangle) =>
        Area.Between(Check(rectangle.Lo, "rectangle.lo"), Check(rectangle.Hi, "rectangle.hi"));

    public static Point ToPoint(this Location location) => new() { Latitude = location.Latitude, Longitude = location.Longitude };

    public static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));

    public static RpcException Exhausted(string message) => new(new Status(StatusCode.ResourceExhausted, message));
}
