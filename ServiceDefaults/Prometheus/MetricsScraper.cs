namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>
/// Scrapes one at a time; who comes while one is under way, or just after it, gets the same answer. So several Prometheus servers, or a
/// person with curl in a loop, cost no more than one.
/// </summary>
internal sealed class MetricsScraper(PrometheusExporter exporter, TimeProvider clock)
{
    /// <summary>How long an answer counts as current; well under any scrape interval.</summary>
    public static readonly TimeSpan Current = TimeSpan.FromMilliseconds(300);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Exposition?[] _last = new Exposition?[2];

    public async ValueTask<Exposition> ScrapeAsync(ExpositionFormat format, CancellationToken cancellationToken)
    {
        if (FindCurrent(format) is { } current)
        {
            return current;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            return FindCurrent(format) ?? (_last[(int)format] = new Exposition(exporter.Render(format), clock.GetTimestamp()));
        }
        finally
        {
            _one.Release();
        }
    }

    private Exposition? FindCurrent(ExpositionFormat format) =>
        Volatile.Read(ref _last[(int)format]) is { } last && clock.GetElapsedTime(last.Timestamp) < Current ? last : null;
}
