using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

public sealed class BigGraphTests
{
    [Fact]
    public void TimeGrowsWithTheNumberOfResourcesNotWithItsSquare()
    {
        // Ten times the resources take about ten times as long; the square would be a hundred times, in every attempt. A busy
        // machine may spoil one.
        Measure(500);
        var ratios = new List<double>();
        do
        {
            var small = Measure(1_000);
            ratios.Add(Measure(10_000) / small);
        }
        while (ratios[^1] >= 40 && ratios.Count < 4);

        Assert.True(ratios[^1] < 40, $"10 000 resources took {string.Join(", ", ratios.Select(r => $"{r:F0}"))} times as long as 1 000.");
    }

    private static TimeSpan Measure(int count)
    {
        var builder = Graph.Create();
        var watch = Stopwatch.StartNew();
        IResourceBuilder<ExecutableResource>? last = null;
        for (var i = 0; i < count; i++)
        {
            var next = builder.AddExecutable($"r{i}", "x", ".").WithHttpEndpoint().WithEnvironment("A", "b");
            if (last is not null)
            {
                next.WaitFor(last).WithEnvironment("URL", last.GetEndpoint("http"));
            }

            last = next;
        }

        Assert.True(builder.TryCreateResourceBuilder<ExecutableResource>("R5", out _));
        using var application = builder.Build();
        return watch.Elapsed;
    }
}
