using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Random text by rules, from the cryptographic generator.</summary>
internal static class RandomText
{
    // Letters and digits that look alike (i l o, I O, 0 1) are left out, and special characters that shells and URLs read.
    private const string LowerCase = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCase = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Specials = "-_.{}~()*+!";

    internal static string Generate(GenerateParameterDefault rules)
    {
        (string Characters, bool Used, int Least)[] classes =
        [
            (LowerCase, rules.Lower, rules.MinLower),
            (UpperCase, rules.Upper, rules.MinUpper),
            (Digits, rules.Numeric, rules.MinNumeric),
            (Specials, rules.Special, rules.MinSpecial),
        ];
        var used = classes.Where(c => c.Used).ToArray();
        if (used.Length == 0)
        {
            throw new ArgumentException("At least one class of characters has to be allowed.", nameof(rules));
        }

        if (classes.Any(c => !c.Used && c.Least > 0))
        {
            throw new ArgumentException("A class of characters that is not allowed cannot have a least number.", nameof(rules));
        }

        var text = used.SelectMany(c => RandomNumberGenerator.GetItems<char>(c.Characters, c.Least)).ToList();
        var all = string.Concat(used.Select(c => c.Characters));
        text.AddRange(RandomNumberGenerator.GetItems<char>(all, Math.Max(0, rules.MinLength - text.Count)));
        var result = text.ToArray();
        RandomNumberGenerator.Shuffle(result.AsSpan());
        return new string(result);
    }
}
