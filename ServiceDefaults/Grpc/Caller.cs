using System.Buffers;
using System.Collections.Concurrent;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// Who calls: our clients say it in a header, which is a courtesy and no proof until access checks put the proven name in its
/// place. A server shows at most <see cref="MaxNames"/> names in its metrics, so that nobody fills its memory, or Prometheus's,
/// by making names up.
/// </summary>
internal static class Caller
{
    /// <summary>The header; its value is the caller's <c>OTEL_SERVICE_NAME</c>.</summary>
    public const string Header = "x-caller-service";

    /// <summary>A caller that does not say: a kubelet, a person, a load balancer.</summary>
    public const string Unknown = "unknown";

    /// <summary>A name too many, or none that a service has.</summary>
    public const string Other = "other";

    /// <summary>How many names are told apart.</summary>
    public const int MaxNames = 50;

    private const int LongestName = 63;
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");
    private static readonly ConcurrentDictionary<string, string> s_names = new();

    /// <summary>The value of the metrics' <c>caller</c> label.</summary>
    public static string LabelOf(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return Unknown;
        }

        if (s_names.TryGetValue(header, out var known))
        {
            return known;
        }

        return IsName(header) && s_names.Count < MaxNames ? s_names.GetOrAdd(header, header) : Other;
    }

    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && !text.AsSpan().ContainsAnyExcept(s_allowed);
}
