using System.Net;
using MonoRepo.ServiceDefaults.Resilience;
using Polly.CircuitBreaker;
using static System.Net.HttpStatusCode;

namespace MonoRepo.Tests;

public sealed class ResilienceTests
{
    private readonly HttpResilience _resilience = new(TimeProvider.System);

    [Fact]
    public async Task ATransientFaultIsRetried()
    {
        var fake = new FakeHandler(ServiceUnavailable, TooManyRequests, OK);

        Assert.Equal(OK, await SendAsync(fake, HttpMethod.Get));
        Assert.Equal(3, fake.Sent.Count);
    }

    [Fact]
    public async Task FourAttemptsAreTheEnd()
    {
        var fake = new FakeHandler(InternalServerError);

        Assert.Equal(InternalServerError, await SendAsync(fake, HttpMethod.Put));
        Assert.Equal(4, fake.Sent.Count);
    }

    [Theory]
    [InlineData("POST", ServiceUnavailable)]
    [InlineData("PATCH", ServiceUnavailable)]
    [InlineData("GET", NotFound)]
    public async Task WhatMayHaveHappenedAndWhatIsTheCallersFaultIsNotRetried(string method, HttpStatusCode status)
    {
        var fake = new FakeHandler(status);

        Assert.Equal(status, await SendAsync(fake, new HttpMethod(method)));
        Assert.Single(fake.Sent);
    }

    [Fact]
    public async Task AHostThatFailsIsLeftAloneAndOthersAreNot()
    {
        var fake = new FakeHandler(ServiceUnavailable);
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(fake, HttpMethod.Post);
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => SendAsync(fake, HttpMethod.Post));
        Assert.Equal(ServiceUnavailable, await SendAsync(fake, HttpMethod.Post, "http://other/"));
        Assert.Equal(21, fake.Sent.Count);
    }

    private async Task<HttpStatusCode> SendAsync(FakeHandler fake, HttpMethod method, string uri = "http://host/")
    {
        using var invoker = new HttpMessageInvoker(new ResilienceHandler(_resilience) { InnerHandler = fake }, disposeHandler: false);
        using var request = new HttpRequestMessage(method, uri);
        using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
