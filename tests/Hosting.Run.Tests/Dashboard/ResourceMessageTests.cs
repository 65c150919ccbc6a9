using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting.Run.Dashboard;
using Wire = MonoRepo.Hosting.Run.Dashboard.Wire;

namespace MonoRepo.Tests.Dashboard;

public sealed class ResourceMessageTests
{
    [Fact]
    public void AnInstanceIsNamedByItsIdAndShownByItsResource()
    {
        var message = Message(snapshot => snapshot with { State = new("Running", "success"), IsHidden = true });

        Assert.Equal(("web-abcdefgh", "web-abcdefgh", "web"), (message.Name, message.Uid, message.DisplayName));
        Assert.Equal(("Running", "success", true), (message.State, message.StateStyle, message.IsHidden));
    }

    [Fact]
    public void WhatWasCreatedWithTheGraphHasTheGraphsAge()
    {
        Assert.Equal(Snapshots.CreatedAt, Message(snapshot => snapshot).CreatedAt.ToDateTime());
        Assert.Null(Message(snapshot => snapshot).StartedAt);
    }

    [Fact]
    public void AHealthCheckThatHasNotRunHasNoStatus()
    {
        var message = Message(snapshot => (snapshot with { State = "Running" }).WithHealthReports(
        [
            new("pending", null, null, null),
            new("ping", HealthStatus.Degraded, "slow", "System.TimeoutException") { LastRunAt = Snapshots.CreatedAt },
        ]));

        Assert.False(message.HealthReports[0].HasStatus);
        Assert.Equal(Wire.HealthStatus.Degraded, message.HealthReports[1].Status);
        Assert.Equal(("slow", "System.TimeoutException"), (message.HealthReports[1].Description, message.HealthReports[1].Exception));
        Assert.Equal("Unhealthy", message.Properties.Single(property => property.Name == "resource.healthState").Value.StringValue);
    }

    [Fact]
    public void LinksEnvironmentMountsAndRelationshipsAreCarriedOver()
    {
        var message = Message(snapshot => snapshot with
        {
            Urls = [new("http", "http://localhost:5000", IsInternal: true) { IsInactive = true, DisplayProperties = new("Home", 7) }],
            EnvironmentVariables = [new("A", "1", IsFromSpec: true), new("B", null, IsFromSpec: false)],
            Volumes = [new("data", "/data", "volume", IsReadOnly: true)],
            Relationships = [new("redis", "Reference"), new("redis", "WaitFor"), new("redis", "Reference")],
        });

        var url = Assert.Single(message.Urls);
        Assert.Equal(("http", "http://localhost:5000", true, true), (url.EndpointName, url.FullUrl, url.IsInternal, url.IsInactive));
        Assert.Equal(("Home", 7), (url.DisplayProperties.DisplayName, url.DisplayProperties.SortOrder));
        Assert.Equal([("A", "1", true), ("B", "", false)], message.Environment.Select(v => (v.Name, v.Value, v.IsFromSpec)));
        Assert.Equal("/data", Assert.Single(message.Volumes).Target);
        Assert.Equal(["Reference", "WaitFor"], message.Relationships.Select(r => r.Type));
    }

    [Fact]
    public void OnlyCommandsForPeopleAreShown()
    {
        var message = Message(snapshot => snapshot with
        {
            Commands =
            [
                new("flush", ResourceCommandState.Disabled, "Flush", "Empties it", null, "Sure?", "Delete", IconVariant.Filled, true),
                new("tool", ResourceCommandState.Enabled, "Tool", null, null, null, null, null, false) { Visibility = ResourceCommandVisibility.Api },
            ],
        });

        var command = Assert.Single(message.Commands);
        Assert.Equal(("flush", "Flush", "Empties it", "Sure?"), (command.Name, command.DisplayName, command.DisplayDescription, command.ConfirmationMessage));
        Assert.Equal((Wire.ResourceCommandState.Disabled, Wire.IconVariant.Filled, true), (command.State, command.IconVariant, command.IsHighlighted));
    }

    private static Wire.Resource Message(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        ResourceMessage.From(Snapshots.Of(change), Snapshots.CreatedAt);
}
