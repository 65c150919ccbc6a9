using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>Text of the kustomizations in the folders of an overlay that publish doesn't own: image pins and patches.</summary>
internal static class SeedKustomizations
{
    private const string SeedPins = """
        # Written by `dotnet run --project AppHost -- promote`: which image every resource runs in this environment, one file each.
        """;

    private const string SeedPatches = """
        # Yours: publish never touches this folder. Add strategic merge patches here; `render` reports those that match nothing.
        """;

    public static string Pins(IEnumerable<string> files) => Seed(SeedPins, "transformers", files);

    public static string EmptyPatches() => Seed(SeedPatches, "patches", []);

    private static string Seed(string comment, string list, IEnumerable<string> items)
    {
        var kustomization = new YamlMap().Add("apiVersion", "kustomize.config.k8s.io/v1alpha1").Add("kind", "Component")
            .Add(list, new YamlList(items.Select(i => new YamlScalar(i))));
        return comment + "\n" + YamlWriter.ToText(kustomization);
    }
}
