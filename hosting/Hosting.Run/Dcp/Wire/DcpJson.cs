using System.Text.Json;
using System.Text.Json.Serialization;

namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>
/// JSON as DCP reads it: camelCase, nothing written that is null. Generated, because reflection would cost a tenth of a
/// second at start. Generated readers set every init-only property, absent ones to null, hence the <c>?? []</c> in the types.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DcpExecutable))]
[JsonSerializable(typeof(DcpContainer))]
[JsonSerializable(typeof(DcpContainerNetwork))]
[JsonSerializable(typeof(DcpService))]
[JsonSerializable(typeof(DcpEndpoint))]
[JsonSerializable(typeof(DcpList<DcpExecutable>))]
[JsonSerializable(typeof(DcpList<DcpContainer>))]
[JsonSerializable(typeof(DcpList<DcpService>))]
[JsonSerializable(typeof(DcpList<DcpEndpoint>))]
[JsonSerializable(typeof(DcpWatchEvent<DcpExecutable>))]
[JsonSerializable(typeof(DcpWatchEvent<DcpContainer>))]
[JsonSerializable(typeof(DcpWatchEvent<DcpService>))]
[JsonSerializable(typeof(DcpWatchEvent<DcpEndpoint>))]
[JsonSerializable(typeof(IReadOnlyList<DcpServiceProducer>))]
[JsonSerializable(typeof(DcpStatus))]
[JsonSerializable(typeof(DcpExecution))]
[JsonSerializable(typeof(DcpInfo))]
internal sealed partial class DcpJson : JsonSerializerContext
{
    public static System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> Of<T>() =>
        (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)(Default.GetTypeInfo(typeof(T))
            ?? throw new InvalidOperationException($"{typeof(T)} is no DCP type."));
}
