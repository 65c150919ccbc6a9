using System.Xml.Linq;

namespace MonoRepo.Tests;

public sealed class SolutionTests
{
    [Fact]
    public void Solution_HasExactlyTheProjectsThatExist()
    {
        var listed = XDocument.Load(Repository.PathOf("MonoRepo.slnx")).Descendants("Project")
            .Select(project => project.Attribute("Path")!.Value);

        Assert.Equal(SourceTree.Projects.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
