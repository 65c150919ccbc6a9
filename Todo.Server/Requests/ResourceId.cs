using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace MonoRepo.Todo.Server.Requests;

/// <summary>The parts of resource names that callers choose, after AIP-122: a DNS label.</summary>
public static partial class ResourceId
{
    /// <summary>What <see cref="IsValid"/> asks for, in words.</summary>
    public const string Rule = "1 to 63 of a-z, 0-9 and '-', first a letter, not last a '-'";

    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private const string LettersAndDigits = Letters + "0123456789";

    /// <summary>Whether this can be part of a resource name.</summary>
    public static bool IsValid(string id) => Pattern().IsMatch(id);

    /// <summary>A random id of 100 bits, for an item whose caller chose none.</summary>
    public static string New() =>
        RandomNumberGenerator.GetString(Letters, 1) + RandomNumberGenerator.GetString(LettersAndDigits, 19);

    [GeneratedRegex(@"\A[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex Pattern();
}
