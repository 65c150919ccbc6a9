using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.ServiceDefaults.Calls;

/// <summary>
/// An experiment of the configuration. Who is in which arm follows from the experiment's name and the user, tenant or request
/// alone, and so is the same in each process; a larger percentage of an arm keeps all that it had, as long as those before it
/// stay.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Arms">Arms with their percentages, in the order of the configuration.</param>
/// <param name="Criteria">What a call must be to take part: allowed values of tenant, user, criticality.</param>
internal sealed partial record Experiment(
    string Name, IReadOnlyList<(string Arm, decimal Percent)> Arms, IReadOnlyDictionary<string, string[]> Criteria)
{
    /// <summary>More would not fit into the baggage.</summary>
    public const int MaxCount = 16;

    private const int Buckets = 10_000;
    private static readonly string[] s_criteria = ["tenant", "user", "criticality"];

    /// <summary>Reads the section <c>Experiments</c>; what is wrong is added to <paramref name="errors"/>.</summary>
    public static IReadOnlyList<Experiment> Read(IConfigurationSection section, List<string> errors)
    {
        var experiments = section.GetChildren().Select(experiment => Parse(experiment, errors)).ToList();
        if (experiments.Count > MaxCount)
        {
            errors.Add($"Experiments are {experiments.Count}. Declare at most {MaxCount}.");
        }

        return experiments;
    }

    /// <summary>The arm of a call, or null where it takes no part.</summary>
    public string? Assign(CallContext context)
    {
        if (Criteria.Any(criterion => !criterion.Value.Contains(ValueOf(context, criterion.Key))))
        {
            return null;
        }

        var unit = context.User ?? context.Tenant ?? context.RequestId;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Name}\n{unit}"));
        var bucket = BinaryPrimitives.ReadUInt64BigEndian(hash) % Buckets;
        var end = 0m;
        foreach (var (arm, percent) in Arms)
        {
            end += percent * Buckets / 100;
            if (bucket < end)
            {
                return arm;
            }
        }

        return null;
    }

    public bool Has(string arm) => Arms.Any(known => known.Arm == arm);

    /// <summary>Reads <c>ranking:new checkout:control</c>.</summary>
    public static bool TryParseArms(string text, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? arms)
    {
        var found = new Dictionary<string, string>();
        foreach (var pair in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (found.Count == MaxCount || pair.Split(':', '=') is not [var name, var arm] || !IsName(name) || !IsName(arm))
            {
                arms = null;
                return false;
            }

            found[name] = arm;
        }

        arms = found;
        return true;
    }

    private static Experiment Parse(IConfigurationSection section, List<string> errors)
    {
        var path = section.Path.Replace(":", "__");
        if (!IsName(section.Key))
        {
            errors.Add($"'{section.Key}' in {section.Path} isn't a name of an experiment. {NameRule}");
        }

        var arms = new List<(string, decimal)>();
        foreach (var arm in section.GetSection("Arms").GetChildren())
        {
            if (!IsName(arm.Key))
            {
                errors.Add($"'{arm.Key}' in {path}__Arms isn't a name of an arm. {NameRule}");
            }

            if (decimal.TryParse(arm.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
                && percent <= 100)
            {
                arms.Add((arm.Key, percent));
            }
            else
            {
                errors.Add($"'{arm.Value}' in {path}__Arms__{arm.Key} isn't a percentage. Use a number from 0 to 100.");
            }
        }

        var sum = arms.Sum(arm => arm.Item2);
        if (arms.Count == 0)
        {
            errors.Add($"{path} has no arms. Declare them with their percentages, as in {path}__Arms__new=10.");
        }
        else if (sum > 100)
        {
            errors.Add(FormattableString.Invariant(
                $"The arms of {path} sum to {sum} %. Make it 100 or less; the rest takes no part."));
        }

        var criteria = section.GetSection("Criteria").GetChildren().ToDictionary(
            criterion => criterion.Key.ToLowerInvariant(),
            criterion => criterion.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                ?? [.. criterion.GetChildren().Select(value => value.Value ?? "")]);
        foreach (var (criterion, values) in criteria)
        {
            if (!s_criteria.Contains(criterion))
            {
                errors.Add($"'{criterion}' in {path}__Criteria isn't a criterion. Use {string.Join(", ", s_criteria)}.");
            }
            else if (criterion == "criticality")
            {
                errors.AddRange(values.Where(value => !CallContextBaggage.TryParse(value, out _)).Select(value =>
                    $"'{value}' in {path}__Criteria__{criterion} isn't a criticality. Use one of " +
                    $"{CallContextBaggage.Criticalities}."));
            }
        }

        return new(section.Key, arms, criteria);
    }

    private static string? ValueOf(CallContext context, string criterion) => criterion switch
    {
        "tenant" => context.Tenant,
        "user" => context.User,
        _ => CallContextBaggage.NameOf(context.Criticality),
    };

    private const string NameRule = "Use up to 32 letters, digits, '-', '_' and '.'.";

    private static bool IsName(string text) => Name32().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,32}\z")]
    private static partial Regex Name32();
}
