using System.Text.RegularExpressions;

namespace MonoRepo.Hosting;

/// <summary>Names of environment variables made from names of resources.</summary>
internal static partial class EnvironmentVariableName
{
    /// <summary>The name as it is when a shell takes it; else every other character becomes an underscore.</summary>
    internal static string Encode(string name)
    {
        if (Valid().IsMatch(name))
        {
            return name;
        }

        var encoded = string.Create(name.Length, name, static (span, name) =>
        {
            for (var i = 0; i < name.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
            }
        });
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? "_" + encoded : encoded;
    }

    internal static string EncodeUpper(string name) => Encode(name).ToUpperInvariant();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Valid();
}
