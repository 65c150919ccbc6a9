using System.Text.Json;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>kubectl's JSON as the same nodes that manifests are made of.</summary>
public static class JsonNodes
{
    /// <summary>One value.</summary>
    public static YamlNode Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Map(json),
        JsonValueKind.Array => new YamlList(json.EnumerateArray().Select(Read)),
        JsonValueKind.String => new YamlScalar(json.GetString()!),
        JsonValueKind.Number => new YamlScalar(json.GetRawText(), YamlScalarKind.Number),
        JsonValueKind.True => YamlScalar.True,
        JsonValueKind.False => YamlScalar.False,
        _ => YamlScalar.Null,
    };

    /// <summary>All objects of kubectl's output, which is nothing, an object, a List of them, or several of these.</summary>
    public static IReadOnlyList<YamlMap> ReadObjects(string text)
    {
        var objects = new List<YamlMap>();
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var one = (YamlMap)Read(document.RootElement);
            objects.AddRange(one.Text("kind") == "List" && one.List("items") is { } items ? items.Cast<YamlMap>() : [one]);
        }

        return objects;
    }

    /// <summary>A node as JSON, for patches.</summary>
    public static string Write(YamlNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, node);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static YamlMap Map(JsonElement json)
    {
        var map = new YamlMap();
        foreach (var property in json.EnumerateObject())
        {
            map.Add(property.Name, Read(property.Value));
        }

        return map;
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                writer.WriteStartObject();
                foreach (var (key, value) in map)
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case YamlList list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case YamlScalar { Kind: YamlScalarKind.String } text:
                writer.WriteStringValue(text.Text);
                break;
            case YamlScalar scalar:
                writer.WriteRawValue(scalar.Text);
                break;
        }
    }
}
