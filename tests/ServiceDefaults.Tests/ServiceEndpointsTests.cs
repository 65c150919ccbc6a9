using Microsoft.Extensions.Configuration;
using MonoRepo.ServiceDefaults.Discovery;

namespace MonoRepo.Tests;

public sealed class ServiceEndpointsTests
{
    [Fact]
    public void AddressesComeInTheOrderOfTheirIndex()
    {
        var services = Create(("services:api:grpc:10", "http://c:3"), ("services:api:grpc:0", "http://a:1"), ("services:api:grpc:2", "http://b:2"));

        Assert.Equal(["http://a:1/", "http://b:2/", "http://c:3/"], services.Get("api", "grpc").Select(uri => uri.ToString()));
        Assert.True(services.Knows("API"));
    }

    [Fact]
    public void AnUnknownServiceHasNone()
    {
        Assert.Empty(Create().Get("api", "grpc"));
        Assert.False(Create().Knows("api"));
    }

    [Theory]
    [InlineData("api:80")]
    [InlineData("somewhere")]
    public void ABadAddressNamesItsVariable(string address)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Create(("services:api:grpc:0", address)).Get("api", "grpc"));

        Assert.Contains($"'{address}' in services__api__grpc", exception.Message, StringComparison.Ordinal);
    }

    internal static ServiceEndpoints Create(params (string Key, string Value)[] settings) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build());
}
