using System.Globalization;
using System.Text.Json;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>The API's JSON as the same nodes that manifests are made of.</summary>
internal static class JsonNodes
{
    /// <summary>All values of a text, which may have several after each other; a List is its items.</summary>
    public static IReadOnlyList<YamlMap> ReadObjects(string text)
    {
        var objects = new List<YamlMap>();
        var reader = new Utf8JsonReader(
            System.Text.Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            var one = (YamlMap)Value(ref reader, null);
            objects.AddRange(one.Text("kind") == "List" && one.List("items") is { } items ? items.Cast<YamlMap>() : [one]);
        }

        return objects;
    }

    /// <param name="json">UTF-8.</param>
    /// <param name="without">A field that is left out wherever it is, such as <c>managedFields</c>; null: none.</param>
    public static YamlMap ReadObject(ReadOnlySpan<byte> json, string? without = null)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return (YamlMap)Value(ref reader, without);
    }

    /// <summary>A node as JSON, for requests.</summary>
    public static string Write(YamlNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, node);
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static YamlNode Value(ref Utf8JsonReader reader, string? without)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new YamlMap();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var isLeftOut = without is not null && reader.ValueTextEquals(without);
                    var key = isLeftOut ? "" : reader.GetString()!;
                    reader.Read();
                    if (isLeftOut)
                    {
                        reader.Skip();
                    }
                    else
                    {
                        map.Add(key, Value(ref reader, without));
                    }
                }

                return map;
            case JsonTokenType.StartArray:
                var list = new YamlList();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Add(Value(ref reader, without));
                }

                return list;
            case JsonTokenType.String:
                return new YamlScalar(reader.GetString()!);
            case JsonTokenType.Number:
                return new YamlScalar(System.Text.Encoding.UTF8.GetString(reader.ValueSpan), YamlScalarKind.Number);
            case JsonTokenType.True:
                return YamlScalar.True;
            case JsonTokenType.False:
                return YamlScalar.False;
            default:
                return YamlScalar.Null;
        }
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
            case YamlScalar { Kind: YamlScalarKind.Number } number:
                writer.WriteRawValue(Number(number.Text));
                break;
            case YamlScalar scalar:
                writer.WriteRawValue(scalar.Text);
                break;
        }
    }

    // YAML has numbers that JSON doesn't: 0600 (octal, of file modes), +1, .5, 1.
    private static string Number(string text)
    {
        var digits = text.TrimStart('-', '+');
        return digits.Length > 1 && digits[0] == '0' && digits.All(c => c is >= '0' and <= '7')
            ? (text[0] == '-' ? "-" : "") + Convert.ToInt64(digits, 8).ToString(CultureInfo.InvariantCulture)
            : text[0] != '+' && char.IsAsciiDigit(digits[0]) && char.IsAsciiDigit(digits[^1]) ? text
            : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
    }
}
