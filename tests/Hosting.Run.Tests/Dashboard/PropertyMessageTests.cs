using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Run.Dashboard;

namespace MonoRepo.Tests.Dashboard;

public sealed class PropertyMessageTests
{
    [Fact]
    public void EveryResourceHasTheCommonProperties()
    {
        var properties = PropertyMessage.From(Snapshots.Of(snapshot => snapshot with { State = "Finished", ExitCode = 3 }), Snapshots.CreatedAt)
            .ToDictionary(property => property.Name, property => property.Value);

        Assert.Equal("3", properties["resource.exitCode"].StringValue);
        Assert.Equal("2026-11-20T12:00:00.0000000Z", properties["resource.createTime"].StringValue);
        Assert.Equal(Value.KindOneofCase.NullValue, properties["resource.stopTime"].KindCase);
        Assert.Equal("web", properties["resource.displayName"].StringValue);
    }

    [Fact]
    public void SensitivePropertiesAreMarked()
    {
        var change = Snapshots.Of(snapshot => snapshot.WithProperty(KnownProperties.ParameterValue, "hunter2", isSensitive: true), "Parameter");

        var value = PropertyMessage.From(change, Snapshots.CreatedAt).Single(property => property.Name == KnownProperties.ParameterValue);

        Assert.True(value.IsSensitive);
        Assert.True(value.IsHighlighted);
    }

    [Fact]
    public void WhatPeopleLookForFirstIsLabelledAndOrdered()
    {
        var change = Snapshots.Of(snapshot => snapshot.WithProperty(KnownProperties.ExecutablePid, 42).WithProperty("mine", 1));

        var properties = PropertyMessage.From(change, Snapshots.CreatedAt).ToDictionary(property => property.Name);

        Assert.Equal(("Process ID", 3, true), (properties[KnownProperties.ExecutablePid].DisplayName, properties[KnownProperties.ExecutablePid].SortOrder, properties[KnownProperties.ExecutablePid].IsHighlighted));
        Assert.False(properties["mine"].HasSortOrder);
    }

    [Fact]
    public void ValuesKeepTheirKind()
    {
        Assert.Equal("a", PropertyMessage.ValueOf("a").StringValue);
        Assert.Equal(42, PropertyMessage.ValueOf(42L).NumberValue);
        Assert.True(PropertyMessage.ValueOf(true).BoolValue);
        Assert.Equal(Value.KindOneofCase.NullValue, PropertyMessage.ValueOf(null).KindCase);
        Assert.Equal(["a", "b"], PropertyMessage.ValueOf(ImmutableArray.Create("a", "b")).ListValue.Values.Select(value => value.StringValue));
        Assert.Empty(PropertyMessage.ValueOf(default(ImmutableArray<string>)).ListValue.Values);
        Assert.Equal([80d, 443d], PropertyMessage.ValueOf(new[] { 80, 443 }).ListValue.Values.Select(value => value.NumberValue));
        Assert.Equal("1", PropertyMessage.ValueOf(new Dictionary<string, string> { ["a"] = "1" }).StructValue.Fields["a"].StringValue);
        Assert.Equal("00:00:01", PropertyMessage.ValueOf(TimeSpan.FromSeconds(1)).StringValue);
    }
}
