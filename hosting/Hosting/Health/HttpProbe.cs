using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>One HTTP request whose status decides.</summary>
internal static class HttpProbe
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <param name="uri">Address.</param>
    /// <param name="http2">Whether nothing but HTTP/2 is spoken there: without TLS nobody could negotiate it.</param>
    /// <param name="statusCode">Expected status.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    internal static async Task<HealthCheckResult> AskAsync(
        Uri uri,
        bool http2,
        int statusCode,
        CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            if (http2)
            {
                request.Version = HttpVersion.Version20;
                request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            }

            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return (int)response.StatusCode == statusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{uri} answered {(int)response.StatusCode}, expected {statusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"{uri} did not answer: {exception.Message}");
        }
    }
}
