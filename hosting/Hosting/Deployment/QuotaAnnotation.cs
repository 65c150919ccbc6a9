using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Which replicas count together.</summary>
public enum QuotaScope
{
    /// <summary>Each for itself: with N replicas a caller gets up to N times the quota.</summary>
    Replica,

    /// <summary>All, through Redis.</summary>
    Shared,
}

/// <summary>What happens to calls while Redis, which counts a shared quota, is unavailable.</summary>
public enum QuotaFallback
{
    /// <summary>They are accepted: the quota is for fairness.</summary>
    Accept,

    /// <summary>They are refused: the quota protects what would break.</summary>
    Refuse,
}

/// <summary>How many calls each caller, tenant or the like may make of a service.</summary>
internal sealed record QuotaAnnotation(
    string Name, string Dimension, double PerSecond, int Burst, string? Method, QuotaScope Scope, QuotaFallback WhenUnavailable,
    SourceLine Line)
    : IResourceAnnotation
{
    private static readonly string[] s_dimensions = ["caller", "tenant", "user", "key", "method"];

    /// <summary>What is wrong with it, and what would be right.</summary>
    /// <param name="referencesStore">Whether the service has a connection to something, such as Redis.</param>
    public IEnumerable<(string Problem, string Fix)> Check(bool referencesStore)
    {
        if (!s_dimensions.Contains(Dimension))
        {
            yield return ($"'{Dimension}' isn't a dimension", $"use {string.Join(", ", s_dimensions)}");
        }

        if (Name.Length is 0 or > 80 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-'))
        {
            yield return ($"'{Name}' isn't a name of a quota", "use at most 80 letters, digits and '-'");
        }

        if (PerSecond is not (> 0 and <= 1e6))
        {
            yield return (
                FormattableString.Invariant($"{PerSecond} per second isn't a rate"), "use a number above 0, at most 1000000");
        }

        if (Burst < 1 || Burst < PerSecond / 10)
        {
            yield return ($"{Burst} isn't a burst", "use at least 1 and a tenth of perSecond");
        }

        if (Scope == QuotaScope.Shared && !referencesStore)
        {
            yield return (
                "is shared, and the service has no reference to Redis", "add .WithReference(redis) or take the scope away");
        }
    }
}

/// <summary>Whose tokens prove to a service who its end users are.</summary>
internal sealed record EndUsersAnnotation(string Authority, string Audience, SourceLine Line) : IResourceAnnotation
{
    /// <summary>The provider's address; null where it isn't one.</summary>
    public static Uri? ParseAuthority(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { Query: "", Fragment: "", UserInfo: "" }
            ? uri
            : null;

    /// <summary>What is wrong with it, and what would be right.</summary>
    public IEnumerable<(string Problem, string Fix)> Check()
    {
        if (ParseAuthority(Authority) is null)
        {
            yield return ($"'{Authority}' isn't the address of an OpenID provider",
                "use one such as https://login.example.com; http is for loopback only");
        }

        if (string.IsNullOrWhiteSpace(Audience))
        {
            yield return ("the audience is empty", "name what the provider puts into tokens for this service, such as 'todo'");
        }
    }
}
