using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>Which Secrets, and which keys of them, rendered objects read.</summary>
internal static class SecretNeeds
{
    /// <summary>Secret to keys; no keys: it has to exist. Those that are marked optional are left out.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Of(IEnumerable<YamlMap> objects)
    {
        var needs = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var one in objects)
        {
            one.Visit((field, value) => Read(field, value, needs));
        }

        return needs.ToDictionary(n => n.Key, n => (IReadOnlySet<string>)n.Value);
    }

    // env[].valueFrom.secretKeyRef: {name, key}   envFrom[].secretRef: {name}   volumes[].secret: {secretName, items: [{key}]}
    // imagePullSecrets: [{name}]
    private static void Read(string field, YamlNode value, SortedDictionary<string, SortedSet<string>> needs)
    {
        if (field == "imagePullSecrets" && value is YamlList pulls)
        {
            foreach (var pull in pulls.OfType<YamlMap>())
            {
                Add(pull.Text("name"), []);
            }
        }
        else if (value is YamlMap reference && reference.Text("optional") != "true")
        {
            switch (field)
            {
                case "secretKeyRef":
                    Add(reference.Text("name"), [reference.Text("key") ?? ""]);
                    break;
                case "secretRef":
                    Add(reference.Text("name"), []);
                    break;
                case "secret":
                    Add(reference.Text("secretName") ?? reference.Text("name"), (reference.List("items") ?? []).OfType<YamlMap>()
                        .Select(i => i.Text("key") ?? ""));
                    break;
            }
        }

        void Add(string? secret, IEnumerable<string> keys)
        {
            if (secret is not null)
            {
                (needs.TryGetValue(secret, out var known) ? known : needs[secret] = new(StringComparer.Ordinal)).UnionWith(keys);
            }
        }
    }
}
