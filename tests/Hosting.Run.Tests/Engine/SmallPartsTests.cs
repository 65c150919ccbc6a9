using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Health;
using MonoRepo.Hosting.Run.Orchestration;

namespace MonoRepo.Tests.Engine;

public sealed class SmallPartsTests
{
    [Theory]
    [InlineData("2026-11-20T11:39:00.28Z text", "2026-11-20T11:39:00.2800000Z text")]
    [InlineData("2026-11-20T11:39:00Z text", "2026-11-20T11:39:00.0000000Z text")]
    [InlineData("no time, no Z", "no time, no Z")]
    [InlineData("", "")]
    public void TimesOfLogLinesGetSevenDigits(string line, string expected) => Assert.Equal(expected, LogTimestamp.Lengthen(line));

    [Fact]
    public void TheReasonOfAFailedStartIsRead() => Assert.Equal(
        "fork/exec /nope: no such file or directory",
        SystemLine.TryReadFailure("2026-11-20T14:07:56.981Z\terror\tExecutableReconciler\tFailed to start a process\t{\"Cmd\": \"/nope\", \"error\": \"fork/exec /nope: no such file or directory\"}"));

    [Theory]
    [InlineData("PATH", true)]
    [InlineData("Logging__LogLevel__Default", true)]
    [InlineData("ASPNETCORE_URLS", false)]
    [InlineData("DOTNET_ENVIRONMENT", false)]
    [InlineData("Parameters__password", false)]
    [InlineData("ASPIRE_DCP_PATH", false)]
    public void WhatIsTheAppHostsAloneIsNotInherited(string name, bool isInherited) => Assert.Equal(isInherited, DcpEnvironment.IsInherited(name));

    [Theory]
    [InlineData("localhost", "localhost", EndpointBindingMode.SingleAddress)]
    [InlineData("web.dev.localhost", "localhost", EndpointBindingMode.SingleAddress)]
    [InlineData("127.0.0.1", "127.0.0.1", EndpointBindingMode.SingleAddress)]
    [InlineData("0.0.0.0", "localhost", EndpointBindingMode.IPv4AnyAddresses)]
    [InlineData("::", "localhost", EndpointBindingMode.DualStackAnyAddresses)]
    public void CallersNameTheHostSo(string targetHost, string address, EndpointBindingMode binding) =>
        Assert.Equal((address, binding), EndpointAllocation.AddressOf(targetHost));

    [Theory]
    [InlineData("Running", ResourceCommandState.Hidden, ResourceCommandState.Enabled, ResourceCommandState.Enabled)]
    [InlineData("Finished", ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("Waiting", ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("Starting", ResourceCommandState.Disabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    [InlineData("Stopping", ResourceCommandState.Hidden, ResourceCommandState.Disabled, ResourceCommandState.Disabled)]
    [InlineData(null, ResourceCommandState.Disabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled)]
    public void CommandsFollowTheState(string? state, ResourceCommandState start, ResourceCommandState stop, ResourceCommandState restart) =>
        Assert.Equal((start, stop, restart), (LifecycleCommands.StartState(state), LifecycleCommands.StopState(state), LifecycleCommands.RestartState(state)));

    [Fact]
    public void HealthIsAskedOftenUntilItIsGood()
    {
        var pace = new HealthPace();

        Assert.Equal(100, pace.Next(HealthStatus.Unhealthy).TotalMilliseconds);
        Assert.Equal(120, pace.Next(HealthStatus.Unhealthy).TotalMilliseconds);
        for (var i = 0; i < 20; i++)
        {
            pace.Next(HealthStatus.Degraded);
        }

        Assert.Equal(2, pace.Next(HealthStatus.Unhealthy).TotalSeconds);
        Assert.Equal(5, pace.Next(HealthStatus.Healthy).TotalSeconds);
        Assert.Equal(100, pace.Next(HealthStatus.Unhealthy).TotalMilliseconds);
    }

    [Fact]
    public void AnUnchangedHealthReportKeepsItsTime()
    {
        var report = new HealthReport(new Dictionary<string, HealthReportEntry> { ["a"] = new(HealthStatus.Healthy, null, TimeSpan.Zero, null, null) }, TimeSpan.Zero);

        var first = HealthReports.Merge([], report, DateTime.UnixEpoch);
        var second = HealthReports.Merge(first, report, DateTime.UnixEpoch.AddHours(1));

        Assert.Equal(first.AsEnumerable(), second);
    }

    [Fact]
    public void RestartsAreCountedAndForgivenAfterALongRun()
    {
        var clock = new StoppedClock();
        var counters = new RestartCounters(clock);
        var policy = new RestartPolicyAnnotation(2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        Assert.Equal(new Restart(1, TimeSpan.FromSeconds(1)), counters.Next("a", policy));
        Assert.Equal(new Restart(2, TimeSpan.FromSeconds(2)), counters.Next("a", policy));
        Assert.Null(counters.Next("a", policy));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, counters.Next("a", policy)!.Value.Number);
    }

    [Fact]
    public void AFreePortHasNoHolder() => Assert.Null(PortHolder.Find(new FreePorts().Next()));

    private sealed class StoppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
