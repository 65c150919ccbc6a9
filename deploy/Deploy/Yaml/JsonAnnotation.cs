using System.Text.Json;

namespace MonoRepo.Deploy.Yaml;

/// <summary>An annotation of a rendered or live object whose value is JSON.</summary>
internal static class JsonAnnotation
{
    private static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>Reads the value; null: the object doesn't have the annotation.</summary>
    /// <exception cref="DeployException">The value can't be read.</exception>
    public static T? Read<T>(YamlMap one, string name) where T : class
    {
        if (one.Map("metadata")?.Map("annotations")?.Text(name) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(text, s_json);
        }
        catch (JsonException e)
        {
            throw new DeployException(
                $"{one.Text("kind")} '{one.Map("metadata")!.Text("name")}': the annotation {name} cannot be read " +
                $"({e.Message}). Publish again.");
        }
    }
}
