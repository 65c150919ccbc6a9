namespace MonoRepo.Tests;

public sealed class SolutionTests
{
    [Fact]
    public void EveryProjectIsInTheSolution()
    {
        var solution = File.ReadAllText(Repository.PathOf("MonoRepo.sln"));
        var missing = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => path.StartsWith("hosting", StringComparison.Ordinal) || path.StartsWith("tests", StringComparison.Ordinal))
            .Where(path => !solution.Contains(path.Replace('/', '\\'), StringComparison.Ordinal));

        Assert.Empty(missing);
    }
}
