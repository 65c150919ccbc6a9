using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.ServiceDefaults.Access;

/// <summary>
/// The section <c>Access</c> of the configuration, which the graph writes: who may call, and whose tokens are believed.
/// </summary>
internal sealed partial class AccessSettings
{
    /// <summary>The service's name in the graph: the audience of tokens for it.</summary>
    public required string Audience { get; init; }

    /// <summary>The Kubernetes namespace whose service accounts are believed: the service's own.</summary>
    public required string Namespace { get; init; }

    /// <summary>What each caller may call, by name.</summary>
    public required FrozenDictionary<string, Grant> Callers { get; init; }

    /// <summary>Who issues the tokens that <see cref="KeyFile"/> is for; of a cluster the API server says it.</summary>
    public string? Issuer { get; init; }

    /// <summary>A file with the issuer's keys, a JSON Web Key Set.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A folder with <c>token</c> and <c>ca.crt</c>, to ask the Kubernetes API server for its keys.</summary>
    public string? ClusterFolder { get; init; }

    /// <summary>The Kubernetes API server.</summary>
    public required Uri Cluster { get; init; }

    /// <summary>Reads the section; null: no graph has written it.</summary>
    /// <exception cref="ConfigurationException">Something in it is wrong; the message names all of it.</exception>
    public static AccessSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Access");
        if (section["Audience"] is not { Length: > 0 } audience)
        {
            return null;
        }

        var errors = new List<string>();
        if (section["Namespace"] is not { Length: > 0 })
        {
            errors.Add("Access__Namespace is missing: whose service accounts may call?");
        }

        if ((section["KeyFile"], section["Issuer"], section["ClusterFolder"])
            is not (({ Length: > 0 }, { Length: > 0 }, null) or (null, null, { Length: > 0 })))
        {
            errors.Add("Set either Access__KeyFile with Access__Issuer, or Access__ClusterFolder.");
        }

        if (!Uri.TryCreate(section["Cluster"] ?? "https://kubernetes.default.svc", UriKind.Absolute, out var cluster)
            || cluster.Scheme != Uri.UriSchemeHttps)
        {
            errors.Add($"'{section["Cluster"]}' in Access__Cluster isn't an address such as https://kubernetes.default.svc.");
        }

        var callers = new Dictionary<string, Grant>(StringComparer.Ordinal);
        foreach (var caller in section.GetSection("Callers").GetChildren())
        {
            var patterns = (caller.Value ?? "").Split(
                ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            errors.AddRange(patterns.Where(pattern => !Pattern().IsMatch(pattern)).Select(pattern =>
                $"'{pattern}' in Access__Callers__{caller.Key} isn't a method such as todo.v1.TodoService/DeleteItem, or the " +
                "beginning of one and '*'."));
            callers[caller.Key] = new(patterns);
        }

        return errors.Count > 0
            ? throw new ConfigurationException(string.Join(" ", errors))
            : new()
            {
                Audience = audience,
                Namespace = section["Namespace"]!,
                Callers = callers.ToFrozenDictionary(StringComparer.Ordinal),
                Issuer = section["Issuer"],
                KeyFile = section["KeyFile"],
                ClusterFolder = section["ClusterFolder"],
                Cluster = cluster!,
            };
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./-]*\*?$")]
    private static partial Regex Pattern();
}

/// <summary>
/// The methods that a caller may call, as <c>package.Service/Method</c>, of HTTP the path without its first slash.
/// </summary>
/// <param name="patterns">Methods, or beginnings of methods with <c>*</c> at the end.</param>
internal sealed class Grant(IReadOnlyList<string> patterns)
{
    public bool Allows(ReadOnlySpan<char> method)
    {
        foreach (var pattern in patterns)
        {
            if (MethodPattern.Matches(pattern, method))
            {
                return true;
            }
        }

        return false;
    }
}
