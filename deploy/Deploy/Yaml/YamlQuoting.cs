using System.Buffers;

namespace MonoRepo.Deploy.Yaml;

/// <summary>
/// When a string can be written without quotes and is still read as that string, by YAML 1.1 and 1.2 readers alike.
/// </summary>
internal static class YamlQuoting
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:@+=$()~,;<>| *&%^?!");

    /// <summary>Words that YAML 1.1 reads as booleans or null.</summary>
    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~",
    };

    public static bool IsPlain(string text)
    {
        if (text.Length == 0
            || !char.IsAsciiLetter(text[0]) && text[0] is not ('/' or '.' or '_' or '$' or '(') && !char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        if (text.AsSpan().ContainsAnyExcept(s_plain) || text[^1] is ' ' or ':' || text.Contains(": ", StringComparison.Ordinal))
        {
            return false;
        }

        return (text.Length > 5 || !s_words.Contains(text)) && !LooksNumeric(text);
    }

    /// <summary>
    /// <c>1</c>, <c>0x1f</c>, <c>1e3</c>, <c>.5</c>, <c>12:30:45</c> (base 60), <c>1_000</c>, <c>2026-11-20</c>, <c>.inf</c>,
    /// <c>.nan</c>: whatever starts like a number and has none of the letters that a number cannot have.
    /// </summary>
    private static bool LooksNumeric(string text)
    {
        if (text[0] == '.' && (text.Length == 1 || char.IsAsciiDigit(text[1]) || text[1] is 'i' or 'I' or 'n' or 'N'))
        {
            return true;
        }

        if (!char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c)
                && c is not ('.' or ':' or '_' or '-' or '+' or 'x' or 'X' or 'o' or 'O' or ' ' or 'T' or 't' or 'Z'))
            {
                return false;
            }
        }

        return true;
    }
}
