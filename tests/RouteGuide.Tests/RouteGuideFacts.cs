extern alias server;
using Grpc.Core;
using Routeguide;
using server::MonoRepo.RouteGuide.Server.Data;
using static MonoRepo.Tests.Calls;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>What the four methods promise, on every engine.</summary>
public abstract class RouteGuideFacts(RouteGuideStack stack)
{
    private static int s_place = 10_000;

    private RouteGuideClient Client => stack.Clients[0];

    [Fact]
    public async Task GetFeatureAnswersTheNameThatStockClientsAskFor()
    {
        var feature = await Client.GetFeatureAsync(Known, Options());

        Assert.Contains("Berkshire Valley", feature.Name, StringComparison.Ordinal);
        Assert.Equal(Known, feature.Location);
    }

    [Fact]
    public async Task GetFeatureAnswersAnEmptyNameWhereNothingIsKnown()
    {
        var feature = await Client.GetFeatureAsync(At(0, 0), Options());

        Assert.Equal("", feature.Name);
        Assert.Equal(At(0, 0), feature.Location);
    }

    [Theory]
    [InlineData(900000001, 0, "point.latitude is 900000001")]
    [InlineData(-900000001, 0, "point.latitude is -900000001")]
    [InlineData(0, 1800000001, "point.longitude is 1800000001")]
    [InlineData(0, int.MinValue, "point.longitude is -2147483648")]
    public async Task GetFeatureRefusesWhatIsNoPlaceOnEarth(int latitude, int longitude, string detail)
    {
        var exception = await FailsAsync(
            StatusCode.InvalidArgument, () => Client.GetFeatureAsync(At(latitude, longitude), Options()).ResponseAsync);

        Assert.Contains(detail, exception.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(900000000, 1800000000)]
    [InlineData(-900000000, -1800000000)]
    public async Task GetFeatureTakesTheEndsOfTheEarth(int latitude, int longitude) =>
        Assert.Equal("", (await Client.GetFeatureAsync(At(latitude, longitude), Options())).Name);

    [Theory]
    [InlineData(400000000, -750000000, 420000000, -730000000)]
    [InlineData(420000000, -730000000, 400000000, -750000000)]
    [InlineData(420000000, -750000000, 400000000, -730000000)]
    [InlineData(407000000, -743000000, 408000000, -742000000)]
    [InlineData(-900000000, -1800000000, 900000000, 1800000000)]
    [InlineData(409146138, -746188906, 409146138, -746188906)]
    [InlineData(0, 0, 1000000, 1000000)]
    public async Task ListFeaturesAnswersWhatLiesBetweenAnyTwoOppositeCorners(
        int latitude1, int longitude1, int latitude2, int longitude2)
    {
        var expected = FeatureData.Load().Features
            .Where(feature => feature.Location.Latitude >= Math.Min(latitude1, latitude2)
            && feature.Location.Latitude <= Math.Max(latitude1, latitude2))
            .Where(feature => feature.Location.Longitude >= Math.Min(longitude1, longitude2)
            && feature.Location.Longitude <= Math.Max(longitude1, longitude2))
            .Select(feature => (feature.Location.Latitude, feature.Location.Longitude, feature.Name));

        var found = await Client.ListAsync(At(latitude1, longitude1), At(latitude2, longitude2));

        Assert.Equal(
            expected.Order(),
            found.Select(feature => (feature.Location.Latitude, feature.Location.Longitude, feature.Name)).Order());
    }

    [Fact]
    public async Task ListFeaturesRefusesAMissingAndAnImpossibleCorner()
    {
        var missing = await FailsAsync(StatusCode.InvalidArgument, () => Client.ListAsync(At(0, 0), null));
        var impossible = await FailsAsync(StatusCode.InvalidArgument, () => Client.ListAsync(At(0, 1900000000), At(0, 0)));

        Assert.Equal("rectangle.hi is missing.", missing.Status.Detail);
        Assert.Contains("rectangle.lo.longitude is 1900000000", impossible.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordRouteSumsUpPointsFeaturesAndMetres()
    {
        // One degree of the equator is 111.195 km on a sphere of 6371 km.
        var summary = await Client.RecordAsync(Known, Known, At(0, 0), At(0, 10_000_000), At(0, 20_000_000));

        Assert.Equal(5, summary.PointCount);
        Assert.Equal(2, summary.FeatureCount);
        Assert.Equal(0, summary.ElapsedTime);
        var fromKnown = await Client.RecordAsync(Known, At(0, 0));
        Assert.Equal(2 * 111_195, summary.Distance - fromKnown.Distance, tolerance: 2);
    }

    [Fact]
    public async Task RecordRouteOfNothingIsZero() => Assert.Equal(new RouteSummary(), await Client.RecordAsync());

    [Fact]
    public async Task RecordRouteTakesRoutesLongerThanItsWindowOfLookUps()
    {
        var summary = await Client.RecordAsync([.. Enumerable.Repeat(Known, 500)]);

        Assert.Equal((500, 500, 0), (summary.PointCount, summary.FeatureCount, summary.Distance));
    }

    [Fact]
    public async Task RecordRouteRefusesAnImpossiblePoint()
    {
        var exception = await FailsAsync(StatusCode.InvalidArgument, () => Client.RecordAsync(Known, At(1000000000, 0)));

        Assert.Contains("1000000000", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RouteChatAnswersEarlierNotesOfTheSamePlaceOldestFirst()
    {
        var (here, there) = (NewPlace(), NewPlace());

        Assert.Equal(["one", "one", "two"], await Client.ChatAsync(here, "one", "two", "three"));
        Assert.Empty(await Client.ChatAsync(there, "elsewhere"));
    }

    [Fact]
    public async Task RouteChatIsSharedByTheReplicas()
    {
        var place = NewPlace();

        Assert.Empty(await stack.Clients[0].ChatAsync(place, "from the first"));
        Assert.Equal(["from the first"], await stack.Clients[1].ChatAsync(place, "from the second"));
    }

    [Fact]
    public async Task RouteChatAnswersWhileTheStreamIsOpen()
    {
        var place = NewPlace();
        using var call = Client.RouteChat(Options());
        foreach (var expected in (string[])["", "a", "ab"])
        {
            await call.RequestStream.WriteAsync(new RouteNote
            {
                Location = place,
                Message = expected.Length == 0 ? "a" : "b",
            }, TestContext.Current.CancellationToken);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public async Task RouteChatKeepsOneHundredNotesAPlace()
    {
        var place = NewPlace();
        await Client.ChatAsync(place, [.. Enumerable.Range(1, 130).Select(i => $"{i}")]);

        var notes = await Client.ChatAsync(place, "last");

        Assert.Equal(Enumerable.Range(31, 100).Select(i => $"{i}"), notes);
    }

    [Fact]
    public async Task TwoNotesAtOnceNeverMissEachOther()
    {
        for (var i = 0; i < 20; i++)
        {
            var place = NewPlace();
            var answers = await Task.WhenAll(stack.Clients.Select(client => client.ChatAsync(place, "hello")));

            Assert.Equal(1, answers.Sum(answer => answer.Count));
        }
    }

    [Fact]
    public async Task RouteChatRefusesLongTextAndAMissingPlace()
    {
        var tooLong = await FailsAsync(StatusCode.InvalidArgument, () => Client.ChatAsync(At(1, 1), new string('x', 4097)));
        var nowhere = await FailsAsync(StatusCode.InvalidArgument, () => Client.ChatAsync(null!, "x"));

        Assert.Contains("4097 bytes", tooLong.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("note.location is missing.", nowhere.Status.Detail);
    }

    [Fact]
    public Task AMessageOverTheLimitIsRefused() =>
        FailsAsync(StatusCode.ResourceExhausted, () => Client.ChatAsync(At(1, 1), new string('x', 20_000)));

    [Fact]
    public async Task ADeadlineEndsACallThatIsStillOpen()
    {
        using var call = Client.RouteChat(Options(seconds: 0.3));

        await FailsAsync(StatusCode.DeadlineExceeded, () => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ACancelledCallEndsWithoutAFaultInTheServer()
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = Client.RouteChat(cancellationToken: cancel.Token);
        await call.RequestStream.WriteAsync(new RouteNote { Location = NewPlace(), Message = "x" }, cancel.Token);
        await cancel.CancelAsync();

        await FailsAsync(StatusCode.Cancelled, () => call.ResponseStream.MoveNext(CancellationToken.None));
        await Client.GetFeatureAsync(Known, Options());
        Assert.False(stack.Servers[0].Process.Log.Contains("fail:", StringComparison.Ordinal), stack.Servers[0].Process.Log);
    }

    [Fact]
    public void ReplicasStartedTogetherSeedOnce() =>
        Assert.Single(
            stack.Servers, server => server.Process.Log.Contains("Seeded 116 features of version 1", StringComparison.Ordinal));

    private static Point NewPlace() => At(1, Interlocked.Increment(ref s_place));
}

/// <summary>On Garnet.</summary>
public sealed class RouteGuideOnGarnetTests(GarnetStack stack) : RouteGuideFacts(stack), IClassFixture<GarnetStack>;

/// <summary>On redis-server.</summary>
public sealed class RouteGuideOnRedisServerTests(RedisServerStack stack)
    : RouteGuideFacts(stack), IClassFixture<RedisServerStack>;
