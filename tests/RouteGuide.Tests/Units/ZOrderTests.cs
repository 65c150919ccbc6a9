extern alias server;
using server::MonoRepo.RouteGuide.Server.Storage;
using server::MonoRepo.RouteGuide.Server.Storage.Redis;

namespace MonoRepo.Tests;

public sealed class ZOrderTests
{
    [Fact]
    public void TheEndsOfTheEarthAreTheEndsOfTheCurve()
    {
        Assert.Equal(0UL, ZOrder.Encode(new Location(-Location.MaxLatitude, -Location.MaxLongitude)));
        Assert.Equal(0b10UL, ZOrder.Encode(new Location(1 - Location.MaxLatitude, -Location.MaxLongitude)));
        Assert.Equal(0b01UL, ZOrder.Encode(new Location(-Location.MaxLatitude, 1 - Location.MaxLongitude)));
    }

    [Fact]
    public void ACoverHoldsEveryPlaceOfItsAreaAndFewOthers()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var size = (int)Math.Pow(10, 1 + (random.NextDouble() * 7));
            var corner = new Location(random.Next(-800_000_000, 800_000_000), random.Next(-1_700_000_000, 1_700_000_000));
            var area = Area.Between(
                corner, new Location(corner.Latitude + random.Next(size), corner.Longitude + random.Next(size)));
            var cover = ZOrder.Cover(area, ZOrder.Square.World, unitBits: 0);

            Assert.True(cover.Count <= 60, $"{cover.Count} ranges");
            Assert.All(cover.Zip(cover.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
            for (var n = 0; n < 50; n++)
            {
                var inside = new Location(random.Next(area.South, area.North + 1), random.Next(area.West, area.East + 1));
                var code = ZOrder.Encode(inside);
                Assert.Contains(cover, range => range.First <= code && code <= range.Last);
            }
        }
    }

    [Fact]
    public void AnAreaOutsideASquareHasNoCover() =>
        Assert.Empty(ZOrder.Cover(new Area(1, 1, 2, 2), FeatureKeys.SquareOfCell(0), unitBits: 0));

    [Fact]
    public void ACellWithinTheAreaIsOneRange()
    {
        var cell = FeatureKeys.CellOf(ZOrder.Encode(new Location(1, 1)));
        var cover = ZOrder.Cover(
            new Area(-10_000_000, -10_000_000, 10_000_000, 10_000_000), FeatureKeys.SquareOfCell(cell), unitBits: 0);

        var (first, last) = Assert.Single(cover);
        Assert.Equal(0UL, FeatureKeys.WithinCell(first));
        Assert.Equal((1UL << 34) - 1, FeatureKeys.WithinCell(last));
    }

    [Fact]
    public void ScoresAreExactInADouble()
    {
        var last = FeatureKeys.WithinCell(ulong.MaxValue);

        Assert.Equal(last, (ulong)(double)last);
        Assert.NotEqual((double)last, last - 1);
    }

    [Fact]
    public void KeysOfACellShareItsHashTag()
    {
        var place = new Location(409146138, -746188906);
        var cell = FeatureKeys.CellOf(ZOrder.Encode(place));

        Assert.Equal($"rg:{{c:{cell:x8}}}:features:v1", FeatureKeys.Features(cell, 1));
        Assert.Equal($"rg:{{c:{cell:x8}}}:notes:409146138,-746188906", FeatureKeys.Notes(place));
        Assert.Equal(FeatureKeys.RegionOf(ZOrder.Encode(place)), FeatureKeys.RegionOfCell(cell));
    }
}
