using MonoRepo.Deploy.Setup;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Secrets;

/// <summary>The keys that a rendered environment needs.</summary>
internal static class SecretKeys
{
    public static IReadOnlyList<SecretKey> Of(IReadOnlyList<YamlMap> objects) =>
    [
        .. objects.SelectMany(
                o => SecretNeeds.Of([o]).SelectMany(
                    n => Keys(n.Value).Select(
                        k => (Secret: n.Key, Key: k, User: new SecretUser(o.Text("kind")!, o.Map("metadata")!.Text("name")!)))))
            .GroupBy(n => (n.Secret, Key: Plain(n.Key)))
            .OrderBy(g => g.Key.Secret, StringComparer.Ordinal).ThenBy(g => g.Key.Key, StringComparer.Ordinal)
            .Select(g => new SecretKey(g.Key.Secret, g.Key.Key, [.. g.Select(n => n.User).Distinct()])
            {
                IsEncodedToo = g.Any(n => n.Key != g.Key.Key),
                Members = MemberSecret.Of(objects, g.Key.Secret, g.Key.Key),
            }),
    ];

    /// <summary>
    /// The key that somebody names: <c>store-password</c>, or <c>parameters/store-password</c>, which may be one that nothing
    /// needs.
    /// </summary>
    /// <exception cref="UnknownNameException">It is unknown, or in several Secrets.</exception>
    public static SecretKey Find(IReadOnlyList<SecretKey> keys, string named, string environment)
    {
        if (named.Split('/') is [var secret, var key])
        {
            return keys.FirstOrDefault(k => k.Secret == secret && k.Key == key) ?? new(secret, key, []);
        }

        return keys.Where(k => k.Key == named && k.Key.Length > 0).ToList() switch
        {
            [var only] => only,
            [] => throw new UnknownNameException(
                $"Nothing in '{environment}' needs a key '{named}'. Needed are: {Names(keys)}. Another one is named with its " +
                $"Secret: NAME/{named}."),
            var several => throw new UnknownNameException($"'{named}' is in several Secrets; name one of: {Names(several)}."),
        };
    }

    private static string Plain(string key) =>
        key.EndsWith(SecretKey.EncodedSuffix, StringComparison.Ordinal) ? key[..^SecretKey.EncodedSuffix.Length] : key;

    private static IEnumerable<string> Keys(IReadOnlySet<string> keys) => keys.Count == 0 ? [""] : keys;

    private static string Names(IReadOnlyList<SecretKey> keys) => keys.Count == 0 ? "none" : string.Join(", ", keys);
}
