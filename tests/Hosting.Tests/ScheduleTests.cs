using System.Globalization;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0 3 * * *", "Etc/UTC", "2026-11-28T03:00:00Z")]
    [InlineData("0 3 * * *", "Europe/Berlin", "2026-11-28T02:00:00Z")]
    [InlineData("*/15 9-17 * * 1-5", "Etc/UTC", "2026-11-27T12:15:00Z")]
    // The 13th or a Monday, as Kubernetes reads it; not a Monday that is the 13th.
    [InlineData("0 0 13 * 1", "Etc/UTC", "2026-11-30T00:00:00Z")]
    [InlineData("0 0 31 2 *", "Etc/UTC", null)]
    public void FindNext_IsWhenKubernetesRunsIt(string cron, string zone, string? expected) => Assert.Equal(
        expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
        new Schedule(cron, zone).FindNext(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)));
}
