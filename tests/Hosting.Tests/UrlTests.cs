using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

public sealed class UrlTests
{
    [Fact]
    public async Task LinksAreAddedAndChanged()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".").WithHttpEndpoint();
        Graph.Allocate(a, 1000);
        a.WithUrl("/static").WithUrl($"{a.GetEndpoint("http")}/docs", "Docs")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Home")
            .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation { Url = "/admin", DisplayLocation = UrlDisplayLocation.DetailsOnly })
            .WithUrlForEndpoint("none", url => url.Url = "never");
        Assert.Equal("/static", Assert.Single(a.Resource.Annotations.OfType<ResourceUrlAnnotation>()).Url);

        var context = new ResourceUrlsCallbackContext(
            a.ApplicationBuilder.ExecutionContext,
            a.Resource,
            [new ResourceUrlAnnotation { Url = "http://localhost:1000", Endpoint = a.GetEndpoint("http") }],
            TestContext.Current.CancellationToken);
        foreach (var callback in a.Resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        Assert.Equal(
            [("http://localhost:1000", "Home", "http"), ("http://localhost:1000/docs", "Docs", "http"), ("/admin", null, "http")],
            context.Urls.Select(u => (u.Url, u.DisplayText, u.Endpoint?.EndpointName)));
    }
}
