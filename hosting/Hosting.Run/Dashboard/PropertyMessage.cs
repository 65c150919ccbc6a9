using System.Collections;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using MonoRepo.Hosting.Run.Dashboard.Wire;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>The properties of an instance: those that every resource has, then its own.</summary>
internal static class PropertyMessage
{
    /// <summary>Label and place of what people look for first; the rest is shown on request, under its own name.</summary>
    private static readonly Dictionary<(string Type, string Name), (string Label, int Order)> Highlighted = new()
    {
        [("Project", KnownProperties.ProjectPath)] = ("Project path", 0),
        [("Project", KnownProperties.ProjectLaunchProfile)] = ("Launch profile", 1),
        [("Project", KnownProperties.ExecutablePid)] = ("Process ID", 2),
        [("Executable", KnownProperties.ExecutablePath)] = ("Executable path", 0),
        [("Executable", KnownProperties.ExecutableWorkDir)] = ("Working directory", 1),
        [("Executable", KnownProperties.ExecutableArgs)] = ("Executable arguments", 2),
        [("Executable", KnownProperties.ExecutablePid)] = ("Process ID", 3),
        [("Container", KnownProperties.ContainerImage)] = ("Container image", 0),
        [("Container", KnownProperties.ContainerId)] = ("Container ID", 1),
        [("Container", KnownProperties.ContainerCommand)] = ("Container command", 2),
        [("Container", KnownProperties.ContainerArgs)] = ("Container arguments", 3),
        [("Container", KnownProperties.ContainerPorts)] = ("Container ports", 4),
        [("Container", KnownProperties.ContainerLifetime)] = ("Container lifetime", 5),
        [("Parameter", KnownProperties.ParameterValue)] = ("Value", 0),
    };

    /// <summary>The messages for a snapshot.</summary>
    public static IEnumerable<ResourceProperty> From(ResourceEvent change, DateTime createdAt)
    {
        var snapshot = change.Snapshot;
        return
        [
            Common("resource.uid", change.ResourceId),
            Common("resource.name", change.ResourceId),
            Common("resource.type", snapshot.ResourceType),
            Common("resource.displayName", change.Resource.Name),
            Common("resource.state", snapshot.State?.Text),
            Common("resource.exitCode", snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture)),
            Common("resource.createTime", Iso(createdAt)),
            Common("resource.startTime", Iso(snapshot.StartTimeStamp)),
            Common("resource.stopTime", Iso(snapshot.StopTimeStamp)),
            Common("resource.healthState", snapshot.HealthStatus?.ToString()),
            .. snapshot.Properties.Select(property => Own(snapshot.ResourceType, property)),
        ];
    }

    /// <summary>A value: texts, numbers, flags and lists of these; anything else as text.</summary>
    public static Value ValueOf(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        bool flag => Value.ForBool(flag),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Value.ForNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        // A default ImmutableArray throws when it is enumerated.
        System.Collections.Immutable.ImmutableArray<string> { IsDefault: true } => Value.ForList(),
        IEnumerable<KeyValuePair<string, string>> pairs => Value.ForStruct(StructOf(pairs)),
        IEnumerable list => Value.ForList([.. list.Cast<object?>().Select(ValueOf)]),
        IFormattable formattable => Value.ForString(formattable.ToString(null, CultureInfo.InvariantCulture)),
        _ => Value.ForString(value.ToString() ?? ""),
    };

    private static Struct StructOf(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var result = new Struct();
        foreach (var (name, value) in pairs)
        {
            result.Fields[name] = Value.ForString(value);
        }

        return result;
    }

    private static ResourceProperty Common(string name, string? value) => new() { Name = name, Value = ValueOf(value), IsSensitive = false };

    private static ResourceProperty Own(string type, ResourcePropertySnapshot property)
    {
        var message = new ResourceProperty { Name = property.Name, Value = ValueOf(property.Value), IsSensitive = property.IsSensitive };
        if (Highlighted.TryGetValue((type, property.Name), out var place))
        {
            message.IsHighlighted = true;
            message.DisplayName = place.Label;
            message.SortOrder = place.Order;
        }

        return message;
    }

    private static string? Iso(DateTime? time) => time?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
