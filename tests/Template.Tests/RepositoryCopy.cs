namespace MonoRepo.Tests;

/// <summary>
/// A copy of this checkout as git would hand it to somebody, changes that are not committed included; and what the build of this
/// checkout made of the libraries and services, which need not be compiled again.
/// </summary>
public sealed class RepositoryCopy : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("monorepo-template-");

    /// <summary>Its root.</summary>
    public string Root => Path.Combine(_directory.FullName, "repository");

    /// <summary>Where <c>dotnet new</c> keeps what is installed, instead of the user's own folder.</summary>
    public string Hive => Path.Combine(_directory.FullName, "hive");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Root);
        await CommandLine.OkAsync(Repository.Root, "sh", "-c",
            $"git ls-files -z --cached --others --exclude-standard --deduplicate | xargs -0 sh -c 'for f; do [ ! -e \"$f\" ] " +
            $"|| cp --parents -a \"$f\" \"{Root}\"; done' sh");
        // Not the AppHost's: it has absolute paths of the projects, and gets another graph.
        await CommandLine.OkAsync(Repository.Root, "sh", "-c",
            $"for d in */ hosting/*/ deploy/Deploy/ tests/Shared/; do [ $d = AppHost/ ] || [ ! -e ${{d}}obj ] " +
            $"|| cp --parents -a ${{d}}bin ${{d}}obj \"{Root}\"; done");
        await CommandLine.OkAsync(Root, "git", "init", "-q");
        await CommandLine.OkAsync(Root, "dotnet", "new", "install", "templates/service", "--debug:custom-hive", Hive);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Creates a service.</summary>
    public Task<(int Exit, string Output)> CreateAsync(string name, params string[] options) =>
        CommandLine.RunAsync(Root, "dotnet", ["new", "monorepo-service", "-n", name, .. options, "--debug:custom-hive", Hive]);
}
