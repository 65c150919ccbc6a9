using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Microsoft.IdentityModel.Tokens;

namespace MonoRepo.Tests;

public sealed class GarnetEndUserTests(GarnetEndUsers users) : EndUserTests(users), IClassFixture<GarnetEndUsers>;

public sealed class RedisServerEndUserTests(RedisServerEndUsers users) : EndUserTests(users), IClassFixture<RedisServerEndUsers>
{
    // The store plays no part in these: once is enough.
    [Theory]
    [InlineData("expired", "it has expired")]
    [InlineData("audience", "it is for another audience")]
    [InlineData("issuer", "it is of another issuer")]
    [InlineData("unsigned", "its signature is missing or wrong")]
    [InlineData("tampered", "its signature is missing or wrong")]
    [InlineData("shared secret", "it is signed with a key that the provider doesn't have")]
    [InlineData("unknown key", "it is signed with a key that the provider doesn't have")]
    [InlineData("no token", "it isn't a signed JSON Web Token")]
    [InlineData("no subject", "its subject doesn't have")]
    public async Task AnInvalidTokenIsRefused(string kind, string reason)
    {
        var provider = Users.Provider;
        var good = provider.Token("alice");
        var token = kind switch
        {
            "expired" => provider.Token("alice", lifetime: TimeSpan.FromHours(-1)),
            "audience" => provider.Token("alice", audience: "other"),
            "issuer" => provider.Token("alice", issuer: "https://login.example.com"),
            "unsigned" => IdentityProvider.WithoutSignature(good),
            "tampered" => $"{good.Split('.')[0]}.{provider.Token("bob").Split('.')[1]}.{good.Split('.')[2]}",
            "shared secret" => provider.Token(
                "alice", key: new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('k', 32))), algorithm: "HS256"),
            "unknown key" => provider.Token("alice", key: IdentityProvider.NewKey()),
            "no token" => "abc",
            _ => provider.Token(""),
        };

        var text = await RefusedAsync(StatusCode.Unauthenticated, reason, async () =>
            await Client.ListItemsAsync(new() { Parent = Mine }, new CallOptions(
                new Metadata { { "x-end-user-token", token } }, cancellationToken: Token)));
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, Users.Replica.Server.Process.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysRotateAndOutliveTheirProvider()
    {
        await using var provider = await IdentityProvider.StartAsync();
        var (_, client) = await Users.StartReplicaAsync(provider.Issuer);
        await client.ListItemsAsync(new() { Parent = Mine }, Header(provider));

        provider.Rotate();
        await EventuallyAsync(
            async () => await client.ListItemsAsync(new() { Parent = Mine }, Header(provider)), StatusCode.Unauthenticated);

        await provider.StopAsync();
        await client.ListItemsAsync(new() { Parent = Mine }, Header(provider));
    }

    [Fact]
    public async Task AProviderThatIsAwayAtTheStartMakesCallsUnavailable()
    {
        var port = Tools.FreePort();
        var (_, client) = await Users.StartReplicaAsync($"http://127.0.0.1:{port}");
        await RefusedAsync(StatusCode.Unavailable, "the OpenID provider is unavailable", async () =>
            await client.ListItemsAsync(new() { Parent = Mine }, Header(Users.Provider)));

        await using var provider = await IdentityProvider.StartAsync(port);
        await EventuallyAsync(
            async () => await client.ListItemsAsync(new() { Parent = Mine }, Header(provider)), StatusCode.Unavailable);
    }

    private static CallOptions Header(IdentityProvider provider) =>
        new(new Metadata { { "x-end-user-token", provider.Token("alice") } }, cancellationToken: Token);

    /// <summary>Calls until it succeeds; only this refusal may come before.</summary>
    private static async Task EventuallyAsync(Func<Task> call, StatusCode before)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(50, Token))
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException exception)
                when (exception.StatusCode == before && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
            {
            }
        }
    }
}
