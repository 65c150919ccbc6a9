using System.Text;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>Objects as a stream of YAML documents.</summary>
internal static class ManifestText
{
    /// <summary>The documents, separated by <c>---</c>.</summary>
    public static string Of(IEnumerable<YamlMap> objects)
    {
        var text = new StringBuilder();
        var writer = new YamlWriter(text);
        foreach (var one in objects)
        {
            text.Append(text.Length == 0 ? "" : "---\n");
            writer.Write(one);
        }

        return text.ToString();
    }
}
