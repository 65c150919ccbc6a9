using System.Security.Cryptography;
using System.Text;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>Gives ConfigMaps their content hash and lets everything that names them follow.</summary>
internal static class ConfigMapNames
{
    /// <returns>Names before to names after.</returns>
    public static IReadOnlyDictionary<string, string> Hash(List<YamlMap> objects, IReadOnlySet<string> hashed)
    {
        var names = new Dictionary<string, string>();
        foreach (var one in objects.Where(
            o => o.Text("kind") == "ConfigMap" && hashed.Contains(o.Map("metadata")!.Text("name")!)))
        {
            var metadata = one.Map("metadata")!;
            var name = metadata.Text("name")!;
            names[name] = $"{name}-{ContentHash.Of(one)}";
            metadata["name"] = new YamlScalar(names[name]);
        }

        // envFrom[].configMapRef.name, env[].valueFrom.configMapKeyRef.name, volumes[].configMap.name, projected sources
        objects.ForEach(o => o.Visit((key, value) =>
        {
            if (key is "configMapRef" or "configMapKeyRef" or "configMap" && value is YamlMap reference
                && reference.Text("name") is { } name && names.TryGetValue(name, out var hashed))
            {
                reference["name"] = new YamlScalar(hashed);
            }
        }));
        return names;
    }
}

/// <summary>
/// The suffix that kustomize gives a generated ConfigMap. It hashes JSON as Go writes it (sorted keys, <c>&lt;</c>, <c>&gt;</c>
/// and <c>&amp;</c> escaped) and spells the first ten digits without vowels and what looks like them:
/// <c>sha256({"data":{…},"kind":"ConfigMap","name":""})</c> (the name is always empty, kustomize looks for it in the wrong
/// place), 0 1 3 a e to g h k m t.
/// </summary>
internal static class ContentHash
{
    private const int Length = 10;

    /// <summary>The suffix of a ConfigMap.</summary>
    public static string Of(YamlMap configMap)
    {
        var json = new StringBuilder();
        json.Append("{\"data\":");
        if (configMap.Map("data") is { } data)
        {
            json.Append('{');
            var first = true;
            foreach (var (key, value) in data.OrderBy(d => d.Key, StringComparer.Ordinal))
            {
                json.Append(first ? "" : ",");
                first = false;
                Text(json, key);
                json.Append(':');
                Text(json, ((YamlScalar)value).Text);
            }

            json.Append('}');
        }
        else
        {
            json.Append("\"\"");
        }

        json.Append(",\"kind\":\"ConfigMap\",\"name\":\"\"}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json.ToString())));
        return string.Create(Length, hash, (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = text[i] switch { '0' => 'g', '1' => 'h', '3' => 'k', 'a' => 'm', 'e' => 't', var c => c };
            }
        });
    }

    private static void Text(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' =>
                    json.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => json.Append(c),
            };
        }

        json.Append('"');
    }
}
