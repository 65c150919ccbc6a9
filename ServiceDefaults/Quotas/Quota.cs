using System.Globalization;
using Microsoft.Extensions.Configuration;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.ServiceDefaults.Quotas;

/// <summary>Who is charged for a call.</summary>
internal readonly record struct QuotaCall(string Caller, string Method, CallContext Context);

/// <summary>
/// How many calls each caller, tenant or the like may make; <c>Quotas__user__PerSecond</c> and so on, explained in
/// docs/quotas.md.
/// </summary>
/// <param name="Name">Its name; that of its dimension, unless there are several of one.</param>
/// <param name="Dimension">What calls are counted by.</param>
/// <param name="PerSecond">Calls per second that a partition may make for ever.</param>
/// <param name="Burst">Calls that it may make at once after a pause.</param>
internal sealed record Quota(string Name, string Dimension, double PerSecond, int Burst)
{
    public const string Section = "Quotas";
    public const string Dimensions = "caller, tenant, user, key or method";
    private const int LongestName = 80;

    /// <summary>The methods that it is for, as in <c>todo.v1.TodoService/Delete*</c>; empty: all.</summary>
    public string Method { get; init; } = "";

    /// <summary>Whether all replicas share it, through Redis.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether calls are accepted while Redis is away.</summary>
    public bool FailsOpen { get; init; } = true;

    /// <summary>Those that are declared, smallest first: what refuses most comes before others are charged.</summary>
    /// <exception cref="ConfigurationException">Something in them is wrong; the message names all of it.</exception>
    public static Quota[] Read(IConfiguration configuration)
    {
        var errors = new List<string>();
        Quota[] quotas =
        [
            .. configuration.GetSection(Section).GetChildren().Select(section => Read(section, errors))
                .OrderBy(quota => quota.PerSecond),
        ];
        return errors.Count == 0 ? quotas : throw new ConfigurationException(string.Join(" ", errors));
    }

    public bool IsFor(string method) => Method.Length == 0 || MethodPattern.Matches(Method, method);

    /// <summary>What the call is counted by; null where it says nothing of the kind.</summary>
    public string? PartitionOf(in QuotaCall call) => Dimension switch
    {
        "caller" => call.Caller,
        "tenant" => call.Context.Tenant,
        "user" => call.Context.User,
        "key" => call.Context.QuotaKey,
        _ => call.Method,
    };

    /// <summary>In words, of characters that a header may have.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {PerSecond} per second, burst {Burst}");

    private static Quota Read(IConfigurationSection section, List<string> errors)
    {
        var (name, dimension) = (section.Key, (section["Dimension"] ?? section.Key).ToLowerInvariant());
        if (!IsName(name))
        {
            errors.Add($"'{name}' isn't a name of a quota. Use letters, digits, '-' and '_'.");
        }

        if (dimension is not ("caller" or "tenant" or "user" or "key" or "method"))
        {
            errors.Add($"'{dimension}' in {Section}__{name}__Dimension isn't a dimension. Use {Dimensions}.");
        }

        if (!double.TryParse(section["PerSecond"], NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
            || rate is not (> 0 and <= 1e6))
        {
            errors.Add($"'{section["PerSecond"]}' in {Section}__{name}__PerSecond isn't a rate. Use a number above 0, at most " +
                "1000000.");
        }

        // Buckets are filled and asked some times a second: a smaller one would overflow in between.
        if (!int.TryParse(section["Burst"], NumberStyles.None, CultureInfo.InvariantCulture, out var burst) || burst < 1
            || burst < rate / 10)
        {
            errors.Add($"'{section["Burst"]}' in {Section}__{name}__Burst isn't a burst. Use a whole number, at least 1 and a " +
                "tenth of PerSecond.");
        }

        return new(name, dimension, rate, burst)
        {
            Method = section["Method"] ?? "",
            IsShared = ReadChoice("Scope", "shared", "replica"),
            FailsOpen = !ReadChoice("WhenUnavailable", "refuse", "accept"),
        };

        bool ReadChoice(string key, string yes, string no)
        {
            var value = section[key];
            if (value is not (null or "") && value != yes && value != no)
            {
                errors.Add($"'{value}' in {Section}__{name}__{key} isn't {yes} or {no}.");
            }

            return value == yes;
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
