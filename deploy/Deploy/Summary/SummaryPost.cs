using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace MonoRepo.Deploy.Summary;

/// <summary>Hands a summary to the notifier, which tells people.</summary>
internal static class SummaryPost
{
    // What the notifier takes; the end of a summary is less than its begin.
    private const int MaxCharacters = 60_000;

    /// <summary>Posts it. The same summary may be posted again: it is told once.</summary>
    /// <param name="address">Where reports are taken.</param>
    /// <exception cref="DeployException">The notifier can't be reached, or didn't take it.</exception>
    public static async Task SendAsync(
        HttpClient http, Uri address, string token, SummaryData data, CancellationToken cancellationToken)
    {
        var text = SummaryReport.Write(data);
        if (text.Length > MaxCharacters)
        {
            text = $"{text[..text.LastIndexOf('\n', MaxCharacters)]}\n\nThe rest is too long to be sent.\n";
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new { title = SummaryReport.Title(data), figures = SummaryReport.Figures(data), text }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var answer = await response.Content.ReadAsStringAsync(cancellationToken);
                throw new DeployException($"The notifier at {address} answered {(int)response.StatusCode}: {answer.Trim()}");
            }
        }
        catch (HttpRequestException exception)
        {
            throw new DeployException($"The notifier at {address} can't be reached: {exception.Message}", exception);
        }
    }
}
