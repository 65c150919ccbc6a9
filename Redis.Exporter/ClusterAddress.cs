using System.Globalization;
using System.Net;

namespace MonoRepo.Redis.Exporter;

/// <summary>Where a cluster is found; its members beyond these are found through them.</summary>
/// <param name="Name">The resource's name, which is the connection string's.</param>
/// <param name="Seeds">Addresses to begin with.</param>
/// <param name="Password">What members ask for, if anything.</param>
internal sealed record ClusterAddress(string Name, IReadOnlyList<DnsEndPoint> Seeds, string? Password)
{
    private const int DefaultPort = 6379;

    /// <summary>Every connection string is a cluster.</summary>
    public static IEnumerable<ClusterAddress> ReadAll(IConfiguration configuration) =>
        configuration.GetSection("ConnectionStrings").GetChildren().Where(entry => !string.IsNullOrEmpty(entry.Value)).Select(entry => Parse(entry.Key, entry.Value!));

    // host:port,host:port[,password=…][,option=value…]
    public static ClusterAddress Parse(string name, string connectionString)
    {
        var parts = connectionString.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var password = parts.FirstOrDefault(part => part.StartsWith("password=", StringComparison.OrdinalIgnoreCase))?["password=".Length..];
        return new(name, [.. parts.Where(part => !part.Contains('=', StringComparison.Ordinal)).Select(ParseSeed)], string.IsNullOrEmpty(password) ? null : password);
    }

    public static DnsEndPoint ParseSeed(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon < 0 ? new(text, DefaultPort) : new(text[..colon].Trim('[', ']'), int.Parse(text[(colon + 1)..], CultureInfo.InvariantCulture));
    }
}
