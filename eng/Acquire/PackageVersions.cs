using System.Xml.Linq;

namespace MonoRepo.Acquire;

/// <summary>The versions that Directory.Packages.props asks of the bundle.</summary>
public static class PackageVersions
{
    private const string Label = "From the Aspire bundle";

    /// <summary>Id → version, of the item group whose label starts with "From the Aspire bundle".</summary>
    public static IReadOnlyDictionary<string, string> Read(string file) => XDocument.Load(file).Descendants("ItemGroup")
        .Where(group => group.Attribute("Label")?.Value.StartsWith(Label, StringComparison.Ordinal) == true)
        .Elements("PackageVersion")
        .ToDictionary(item => item.Attribute("Include")!.Value, item => item.Attribute("Version")!.Value);
}
