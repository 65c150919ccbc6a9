using System.Globalization;

namespace MonoRepo.Tests;

/// <summary>The packages of this checkout in a folder, and an empty directory whose restores look there too.</summary>
public sealed class PackedRepository : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("monorepo-packages-");

    // Its own, so that a package that an earlier run left in NuGet's folder isn't taken for it.
    private readonly string _version = $"0.0.0-test.{DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Where the packages are.</summary>
    public string Packages => Path.Combine(_directory.FullName, "packages");

    /// <summary>Where repositories are made.</summary>
    public string Work => Path.Combine(_directory.FullName, "work");

    private string Hive => Path.Combine(_directory.FullName, "hive");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Work);
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "nuget.config"),
            $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Packages}" />
              </packageSources>
            </configuration>
            """);

        // As the build left them: with its analyzers, and not compiled again.
        await OnThisCheckoutAsync("restore", "eng/Packages.proj", "-v", "q");
        await OnThisCheckoutAsync(
            "pack", "eng/Packages.proj", "--no-restore", "-c", Configuration, "-o", Packages,
            $"-p:PackageVersionOverride={_version}", "-v", "q");
        await CommandLine.OkAsync(Work, "dotnet", "new", "install", PathOf("MonoRepo.Templates"), "--debug:custom-hive", Hive);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        foreach (var package in new DirectoryInfo(Repository.PackagesFolder).EnumerateDirectories("monorepo.*"))
        {
            foreach (var version in package.EnumerateDirectories(_version))
            {
                version.Delete(recursive: true);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The file of a package.</summary>
    public string PathOf(string package, string extension = "nupkg") =>
        Path.Combine(Packages, $"{package}.{_version}.{extension}");

    /// <summary>Creates what a template makes.</summary>
    public Task<(int Exit, string Output)> CreateAsync(string directory, string template, string name) =>
        CommandLine.RunAsync(directory, "dotnet", "new", template, "-n", name, "--debug:custom-hive", Hive);

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static Task OnThisCheckoutAsync(params string[] arguments) =>
        CommandLine.OkAsync(Repository.Root, "env", ["-u", "RunAnalyzers", "dotnet", .. arguments]);
}
