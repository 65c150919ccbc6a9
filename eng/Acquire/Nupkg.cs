using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace MonoRepo.Acquire;

/// <summary>
/// Writes a NuGet package whose bytes depend on its content alone: fixed order, fixed times, and stored rather than deflated,
/// because deflate's output changes with the runtime. (Packages that differ from clone to clone break locked restores, NU1403.)
/// </summary>
public static class Nupkg
{
    private static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The package as bytes.</summary>
    public static byte[] Pack(BundledPackage package, IReadOnlyDictionary<string, string> versions, byte[] assembly)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, $"{package.Id}.nuspec", Encoding.UTF8.GetBytes(Nuspec(package, versions)));
            Add(archive, $"lib/{package.Framework}/{package.Id}.dll", assembly);
        }

        return bytes.ToArray();
    }

    private static string Nuspec(BundledPackage package, IReadOnlyDictionary<string, string> versions)
    {
        XNamespace xmlns = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";
        var metadata = new XElement(xmlns + "metadata",
            new XElement(xmlns + "id", package.Id),
            new XElement(xmlns + "version", versions[package.Id]),
            new XElement(xmlns + "authors", "see the project of that name"),
            new XElement(xmlns + "description", $"{package.Id} as the Aspire bundle carries it, packed by eng/Acquire."),
            new XElement(xmlns + "license", new XAttribute("type", "expression"), package.License),
            new XElement(xmlns + "dependencies", new XElement(xmlns + "group", new XAttribute("targetFramework", package.Framework),
                package.Dependencies.Select(dependency => new XElement(xmlns + "dependency",
                    new XAttribute("id", dependency.Id),
                    new XAttribute("version", dependency.Version ?? versions[dependency.Id]))))));
        if (package.FrameworkReference is { } framework)
        {
            metadata.Add(new XElement(xmlns + "frameworkReferences", new XElement(xmlns + "group",
                new XAttribute("targetFramework", package.Framework),
                new XElement(xmlns + "frameworkReference", new XAttribute("name", framework)))));
        }

        return new XElement(xmlns + "package", metadata).ToString() + "\n";
    }

    private static void Add(ZipArchive archive, string path, byte[] content)
    {
        var entry = archive.CreateEntry(path, CompressionLevel.NoCompression);
        entry.LastWriteTime = FixedTime;
        using var stream = entry.Open();
        stream.Write(content);
    }
}
