using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MonoRepo.Hosting;

/// <summary>What options and arguments take; a mistake is one line in plain words.</summary>
internal static class OptionValues
{
    /// <summary>Takes some values only, and completes them.</summary>
    public static void AcceptOnly(this Option<string> option, string[] values, StringComparer? comparer = null)
    {
        option.CompletionSources.Add(values);
        option.Validators.Add(result => Check(result, result.Tokens, option.Name, values, comparer));
    }

    /// <inheritdoc cref="AcceptOnly(Option{string}, string[], StringComparer?)"/>
    public static void AcceptOnly(this Argument<string> argument, params string[] values)
    {
        argument.CompletionSources.Add(values);
        argument.Validators.Add(result => Check(result, result.Tokens, $"<{argument.Name}>", values));
    }

    /// <summary>A parser of whole numbers.</summary>
    /// <param name="error">What the option takes, such as <c>--limit takes a number of entries, 1 or more.</c></param>
    public static Func<ArgumentResult, int> Number(string error, int min, int max = int.MaxValue) => result =>
    {
        if (result.Tokens is [var token]
            && int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
        {
            return number;
        }

        result.AddError(error);
        return min;
    };

    private static void Check(
        SymbolResult result, IReadOnlyList<Token> tokens, string name, string[] values, StringComparer? comparer = null)
    {
        foreach (var value in tokens.Select(t => t.Value).Where(v => !values.Contains(v, comparer)))
        {
            result.AddError($"'{value}' isn't a value of {name}. Use one of: {string.Join(", ", values)}.");
        }
    }
}
