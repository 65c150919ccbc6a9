using System.Net;

namespace MonoRepo.Tests;

/// <summary>Answers with the given statuses in turn, the last one for ever, and remembers what it was sent.</summary>
internal sealed class FakeHandler(params HttpStatusCode[] answers) : HttpMessageHandler
{
    public List<string> Sent { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent.Add(request.RequestUri!.ToString());
        var status = answers.Length == 0 ? HttpStatusCode.OK : answers[Math.Min(Sent.Count, answers.Length) - 1];
        var response = new HttpResponseMessage(status);

        // No waiting in tests: the server itself says when to come back.
        response.Headers.RetryAfter = new(TimeSpan.FromMilliseconds(1));
        return Task.FromResult(response);
    }
}
