using Microsoft.Extensions.Configuration;

namespace MonoRepo.ServiceDefaults.Discovery;

/// <summary>
/// The addresses of other services, as Aspire hands them over: <c>services__{name}__{endpoint}__{index}=http://host:port</c>.
/// </summary>
public sealed class ServiceEndpoints(IConfiguration configuration)
{
    /// <summary>The addresses of one endpoint of a service, in the order of their index; none where it is unknown.</summary>
    public IReadOnlyList<Uri> Get(string service, string endpoint) =>
    [
        .. configuration.GetSection($"services:{service}:{endpoint}").GetChildren()
            .OrderBy(child => int.TryParse(child.Key, out var index) ? index : int.MaxValue)
            .Select(child => child.Value)
            .Where(value => !string.IsNullOrWhiteSpace(value))
            .Select(value => Parse(service, endpoint, value!)),
    ];

    /// <summary>Whether any endpoint of the service is known.</summary>
    public bool Knows(string service) => configuration.GetSection($"services:{service}").GetChildren().Any();

    private static Uri Parse(string service, string endpoint, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Port > 0
            ? uri
            : throw new InvalidOperationException(
                $"'{value}' in services__{service}__{endpoint} is no address; expected the form http://host:port.");
}
