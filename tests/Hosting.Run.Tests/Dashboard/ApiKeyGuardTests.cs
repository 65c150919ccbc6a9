using Microsoft.AspNetCore.Http;
using MonoRepo.Hosting.Run.Dashboard;

namespace MonoRepo.Tests.Dashboard;

public sealed class ApiKeyGuardTests
{
    [Theory]
    [InlineData(null, "16")]
    [InlineData("", "16")]
    [InlineData("wrong", "16")]
    [InlineData("right", "reached")]
    public async Task OnlyTheKeyOpensTheFeed(string? key, string expected)
    {
        var context = new DefaultHttpContext();
        if (key is not null)
        {
            context.Request.Headers[ApiKeyGuard.Header] = key;
        }

        await new ApiKeyGuard(
            reached =>
            {
                reached.Response.Headers["grpc-status"] = "reached";
                return Task.CompletedTask;
            },
            "right").InvokeAsync(context);

        Assert.Equal(expected, context.Response.Headers["grpc-status"]);
    }
}
