using System.Text.RegularExpressions;

namespace MonoRepo.Tests;

/// <summary>Nothing in the repository depends on where it was written.</summary>
public sealed partial class PortabilityTests
{
    private static readonly string[] s_binary = [".png", ".ico", ".snupkg"];

    private static IEnumerable<string> TextFiles => SourceTree.Files.Where(file => !s_binary.Contains(Path.GetExtension(file)));

    [Fact]
    public void Files_NameNoPackageRegistry() =>
        Assert.DoesNotContain(TextFiles, file => PackageRegistry().IsMatch(SourceTree.Read(file)));

    [Fact]
    public void Files_NameNoFolderOfAMachine() =>
        Assert.DoesNotContain(TextFiles, file => FolderOfAMachine().IsMatch(SourceTree.Read(file)));

    // Written so that this file doesn't match.
    [GeneratedRegex(@"api[.]nuget[.]org|registry[.]npmjs[.]org|https?://[^\s""']*(/v3/index[.]json|artifactory|/nexus/)")]
    private static partial Regex PackageRegistry();

    [GeneratedRegex(@"(?<![\w.~}$/-])/(home|root|Users|work)[/](?!\.\.)\w|[A-Z]:\\Users\\")]
    private static partial Regex FolderOfAMachine();
}
