using System.CommandLine;
using System.Globalization;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// A time on the command line: <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>; a plain number is seconds. It stays a text, so that
/// the help shows the default as it is typed.
/// </summary>
internal class DurationOption : Option<string?>
{
    // No date lies before the first year.
    private static readonly TimeSpan s_max = TimeSpan.FromDays(36500);

    /// <param name="name">The option, such as --timeout.</param>
    /// <param name="defaultValue">Its value when it isn't given; null: none.</param>
    /// <param name="min">The shortest that makes sense; null: any does.</param>
    public DurationOption(string name, string description, string? defaultValue = null, TimeSpan? min = null)
        : base(name)
    {
        Description = description;
        HelpName = "time";
        if (defaultValue is not null)
        {
            DefaultValueFactory = _ => defaultValue;
        }

        Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } text)
            {
                return;
            }

            if (Parse(text) is not { } time)
            {
                result.AddError($"'{text}' isn't a time. Use a value such as 90, 30s, 5m, 2h or 1d.");
            }
            else if (time < min)
            {
                result.AddError($"{name} takes a time of {min.Value.TotalSeconds} s or more.");
            }
        });
    }

    /// <summary>The time; null when none is given and there is no default.</summary>
    public TimeSpan? Read(ParseResult arguments) => arguments.GetValue(this) is { } text ? Parse(text) : null;

    private static TimeSpan? Parse(string text)
    {
        var (number, unit) = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? (text[..^1], text[^1]) : (text, 's');
        TimeSpan? one = unit switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value <= s_max / one ? one * value : null;
    }
}

/// <summary>Any number of names on the command line.</summary>
internal static class NamesArgument
{
    public static Argument<string[]> Create(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        // The parser takes an option that it doesn't know for a name.
        argument.Validators.Add(result =>
        {
            foreach (var option in result.Tokens.Select(t => t.Value).Where(t => t.StartsWith('-')))
            {
                result.AddError($"Unrecognized option '{option}'.");
            }
        });
        return argument;
    }
}
