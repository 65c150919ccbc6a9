using System.Diagnostics;

namespace MonoRepo.Acquire;

/// <summary>The folder that NuGet.config names as a source: one .nupkg per package, and a stamp that the build looks for.</summary>
public static class Feed
{
    /// <summary>Written last: while it is there and newer than its inputs, the build does not even start this program.</summary>
    public const string Stamp = ".complete";

    /// <summary>Packs what Directory.Packages.props asks of the bundle; removes what it no longer asks for.</summary>
    public static void Fill(string bundle, string feed, string versionsFile, TextWriter progress)
    {
        var versions = PackageVersions.Read(versionsFile);
        var wanted = versions.Keys.ToDictionary(id => $"{id}.{versions[id]}.nupkg", Find);
        var executable = new Lazy<SingleFileBundle>(() => Open(Path.Combine(bundle, "managed", "aspire-managed")));

        Directory.CreateDirectory(feed);
        foreach (var stale in Directory.GetFiles(feed, "*.nupkg").Where(file => !wanted.ContainsKey(Path.GetFileName(file))))
        {
            File.Delete(stale);
        }

        foreach (var (name, package) in wanted)
        {
            var assembly = executable.Value.Read($"{package.Id}.dll")
                ?? throw AcquisitionException.Unreadable($"it has no {package.Id}.dll");
            RequireVersion(package.Id, versions[package.Id], assembly);
            Write(Path.Combine(feed, name), Nupkg.Pack(package, versions, assembly));
        }

        Write(Path.Combine(feed, Stamp), []);
        progress.WriteLine($"Aspire bundle: {wanted.Count} packages in {feed}");
    }

    private static BundledPackage Find(string id) => BundledPackage.All.FirstOrDefault(package => package.Id == id)
        ?? throw AcquisitionException.Unreadable($"Directory.Packages.props takes {id} from it, and BundledPackage.All does not describe it");

    private static SingleFileBundle Open(string executable)
    {
        try
        {
            return new(File.ReadAllBytes(executable));
        }
        catch (InvalidDataException e)
        {
            throw AcquisitionException.Unreadable($"{executable}: {e.Message}");
        }
    }

    /// <summary>The product version (2.80.0+commit) of the assembly is its package's version.</summary>
    private static void RequireVersion(string id, string version, byte[] assembly)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, assembly);
            var actual = FileVersionInfo.GetVersionInfo(file).ProductVersion?.Split('+')[0];
            if (actual != version)
            {
                throw AcquisitionException.Unreadable($"it has {id} {actual}, and Directory.Packages.props asks for {version}");
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
