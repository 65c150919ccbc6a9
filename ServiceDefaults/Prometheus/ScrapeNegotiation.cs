using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>
/// What the scraper wants, by the quality values of its <c>Accept</c> and <c>Accept-Encoding</c>. Who wants nothing that there is gets text
/// without compression, as from every other exporter, and not 406.
/// </summary>
/// <param name="Format">The format.</param>
/// <param name="ContentType">The media type of the answer.</param>
/// <param name="Gzip">Whether the answer is compressed.</param>
internal readonly record struct ScrapeNegotiation(ExpositionFormat Format, string ContentType, bool Gzip)
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    // What Prometheus 3 asks for when it would take any name: ours are all of letters, digits and underscores.
    private const string Escaping = "; escaping=underscores";

    public static ScrapeNegotiation Of(StringValues accept, StringValues acceptEncoding)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            ranges = [];
        }

        var openMetrics = Find(ranges, "application/openmetrics-text", "1.0.0", byWildcard: false);
        var text = Find(ranges, "text/plain", "0.0.4", byWildcard: true);
        var format = Quality(openMetrics) > 0 && Quality(openMetrics) >= Quality(text) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        var (chosen, type) = format == ExpositionFormat.OpenMetrics ? (openMetrics, OpenMetrics) : (text, Text);
        return new(format, Parameter(chosen, "escaping") is null ? type : type + Escaping, TakesGzip(acceptEncoding));
    }

    // The most specific range decides, not the first: text/plain;q=0.2 beside */*.
    private static MediaTypeHeaderValue? Find(IList<MediaTypeHeaderValue> ranges, string type, string version, bool byWildcard) =>
        ranges
            .Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
                ? Parameter(range, "version") is null or { Length: 0 } || Parameter(range, "version") == version
                : byWildcard && (range.MatchesAllTypes || (range.MatchesAllSubTypes && type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase))))
            .OrderByDescending(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : Parameter(range, "version") is null ? 2 : 3)
            .ThenByDescending(range => Quality(range))
            .FirstOrDefault();

    private static double Quality(MediaTypeHeaderValue? range) => range is null ? 0 : range.Quality ?? 1;

    private static string? Parameter(MediaTypeHeaderValue? range, string name)
    {
        var parameter = range?.Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return parameter is null ? null : HeaderUtilities.RemoveQuotes(parameter.Value).ToString();
    }

    private static bool TakesGzip(StringValues acceptEncoding)
    {
        if (!StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var codings))
        {
            return false;
        }

        var gzip = codings.FirstOrDefault(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            ?? codings.FirstOrDefault(coding => coding.Value == "*");
        return gzip is not null && gzip.Quality != 0;
    }
}
