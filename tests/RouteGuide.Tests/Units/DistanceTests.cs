extern alias server;
using server::MonoRepo.RouteGuide.Server;
using server::MonoRepo.RouteGuide.Server.Storage;

namespace MonoRepo.Tests;

public sealed class DistanceTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(0, 0, 0, 1_800_000_000, 20_015_087)] // half around
    [InlineData(-900_000_000, 0, 900_000_000, 77, 20_015_087)] // pole to pole
    [InlineData(0, -1_799_999_999, 0, 1_799_999_999, 0)] // across the date line
    // New York to Los Angeles, by vectors instead of haversines
    [InlineData(407_127_753, -740_059_728, 340_536_909, -1_182_427_666, 3_935_603)]
    public void MetresFollowTheGreatCircle(int latitude1, int longitude1, int latitude2, int longitude2, double metres) =>
        Assert.Equal(
            metres, Distance.Metres(new Location(latitude1, longitude1), new Location(latitude2, longitude2)), tolerance: 10);
}
