extern alias server;
using System.Security.Cryptography;
using System.Text;
using server::MonoRepo.RouteGuide.Server.Data;
using server::MonoRepo.RouteGuide.Server.Storage;
using server::MonoRepo.RouteGuide.Server.Storage.Redis;

namespace MonoRepo.Tests;

public sealed class FeatureDataTests
{
    private readonly FeatureData _data = FeatureData.Load();

    [Fact]
    public void EveryChangeOfTheDataRaisesItsVersion()
    {
        var content = string.Join('\n', _data.Features.Select(FeatureMember.Format));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..12];

        // Servers re-seed only when the version rises: raise "version" in features.json, then put both here.
        Assert.Equal((1, "3f45783ba83b"), (_data.Version, hash));
    }

    [Fact]
    public void PlacesAreNamedDistinctAndWithinBounds()
    {
        Assert.InRange(_data.Features.Count, 100, 200);
        Assert.Equal(_data.Features.Count, _data.Features.Select(feature => feature.Location).Distinct().Count());
        Assert.All(_data.Features, feature =>
        {
            Assert.False(string.IsNullOrWhiteSpace(feature.Name));
            Assert.InRange(feature.Location.Latitude, 400_000_000, 420_000_000);
            Assert.InRange(feature.Location.Longitude, -755_000_000, -730_000_000);
        });
    }

    [Theory]
    [InlineData("409146138,-746188906 Berkshire Valley", 409146138, -746188906, "Berkshire Valley")]
    [InlineData("-1,0 Zürich 8", -1, 0, "Zürich 8")]
    public void AMemberReadsBackAsItWasWritten(string member, int latitude, int longitude, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(member);

        Assert.Equal(new Location(latitude, longitude), FeatureMember.LocationOf(bytes));
        Assert.Equal(name, FeatureMember.NameOf(bytes));
        Assert.Equal(member, FeatureMember.Format(new NamedLocation(new Location(latitude, longitude), name)));
    }

    [Fact]
    public void AForeignMemberIsNamed() =>
        Assert.Contains(
            "'what is this'", Assert.Throws<FormatException>(() => FeatureMember.LocationOf("what is this"u8)).Message,
            StringComparison.Ordinal);
}
