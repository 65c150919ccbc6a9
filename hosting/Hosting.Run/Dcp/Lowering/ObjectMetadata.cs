using System.Globalization;
using System.Text.Json;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>What executables and containers carry besides their spec; templates and the dashboard read it.</summary>
internal static class ObjectMetadata
{
    /// <summary>The annotation under which DCP finds what a process serves.</summary>
    public const string ServiceProducer = "service-producer";

    /// <summary>The annotation that says which of the graph's own arguments, the last ones, are secret: 0 or 1 for each.</summary>
    public const string ArgumentSensitivity = "argument-sensitivity";

    public static DcpMetadata Of(ResourceInstance instance, IReadOnlyList<ServedService> served, IReadOnlyList<LaunchArgument>? arguments = null)
    {
        var annotations = new Dictionary<string, string>
        {
            ["resource-name"] = instance.ResourceName,
            ["otel-service-name"] = instance.ResourceName,
            ["otel-service-instance-id"] = instance.Suffix,
            ["resource-replica-count"] = instance.Count.ToString(CultureInfo.InvariantCulture),
            ["resource-replica-index"] = instance.Index.ToString(CultureInfo.InvariantCulture),
        };
        if (served.Count > 0)
        {
            annotations[ServiceProducer] = JsonSerializer.Serialize(
                [.. served.Select(s => new DcpServiceProducer(s.Service.Name, s.Service.Endpoint.TargetHost, s.Port))],
                DcpJson.Of<IReadOnlyList<DcpServiceProducer>>());
        }

        if (arguments is not null)
        {
            annotations[ArgumentSensitivity] = string.Concat(arguments.Select(argument => argument.IsSensitive ? '1' : '0'));
        }

        return new DcpMetadata { Name = instance.Name, Annotations = annotations };
    }
}
