using System.Xml.Linq;
using MonoRepo.Deploy.Processes;

namespace MonoRepo.Deploy.Images;

/// <summary>Builds and pushes images of .NET projects by the SDK's container support: one MSBuild for all of them.</summary>
internal sealed class ProjectImageBuild(IProcessRunner processes, RegistryClient registry, ImagePaths paths)
{
    private const string PackagesTag = "packages-";
    private const int TagDigits = 40;

    /// <summary>What the projects are made of; MSBuild is asked where that is not known or the project files changed.</summary>
    public async Task<IReadOnlyDictionary<string, ProjectInputs>> KnownAsync(
        IReadOnlyList<ProjectImageSource> sources, ImageState state, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, ProjectInputs>();
        var unknown = new List<string>();
        foreach (var project in sources.Select(s => s.ProjectPath).Distinct())
        {
            if (state.Projects.TryGetValue(project, out var last) && InputHash.Packages(project) is not null
                && last.Shape == InputHash.Shape(last.Inputs.Projects, paths.Root))
            {
                known[project] = last.Inputs;
            }
            else if (File.Exists(project))
            {
                unknown.Add(project);
            }
            else
            {
                throw new DeployException($"There is no project file '{project}'. The image cannot be built.");
            }
        }

        if (unknown.Count > 0)
        {
            using var folder = new TemporaryBuildFolder(paths);
            await RunAsync("Inputs", folder, List(unknown.Select(p => (p, new List<(string, string)>()))), cancellationToken);
            foreach (var (project, inputs) in ProjectInputs.Read(await File.ReadAllLinesAsync(
                folder.Result, cancellationToken)))
            {
                known[project] = inputs;
                state.Projects[project] = new(InputHash.Shape(inputs.Projects, paths.Root), inputs);
            }
        }

        return known;
    }

    /// <summary>Builds and pushes; the digest of each as the SDK computed it.</summary>
    public async Task<IReadOnlyList<(ImagePlan Plan, string Digest)>> BuildAsync(
        IReadOnlyList<ImagePlan> plans, CancellationToken cancellationToken)
    {
        var built = new List<(ImagePlan, string)>();
        // Two images of one project would compile it twice at once in the same place.
        var waves = plans.GroupBy(p => ((ProjectImageSource)p.Source).ProjectPath)
            .SelectMany(g => g.Select((plan, turn) => (turn, plan))).GroupBy(p => p.turn, p => p.plan);
        foreach (var wave in waves)
        {
            using var folder = new TemporaryBuildFolder(paths);
            var images =
                await Task.WhenAll(
                    wave.Select(async p => (((ProjectImageSource)p.Source).ProjectPath, await PropertiesAsync(
                        p, folder, cancellationToken))));
            await RunAsync("Build", folder, List(images), cancellationToken);
            foreach (var plan in wave)
            {
                built.Add((plan, (await File.ReadAllTextAsync(folder.Digest(plan.Source.Name), cancellationToken)).Trim()));
            }
        }

        return built;
    }

    private async Task<List<(string, string)>> PropertiesAsync(
        ImagePlan plan, TemporaryBuildFolder folder, CancellationToken cancellationToken)
    {
        var project = ((ProjectImageSource)plan.Source).ProjectPath;
        var tag = PackagesTag + InputHash.Text($"{InputHash.Packages(project)} {plan.BaseImage}")[..TagDigits];
        var packages = await registry.FindAsync(plan.Reference with { Tag = tag }, cancellationToken);
        List<(string, string)> properties =
        [
            ("ContainerBaseImage", plan.BaseImage!),
            ("ContainerRegistry", plan.Reference.Host),
            ("ContainerRepository", plan.Reference.Repository),
            ("ContainerImageTag", "latest"),
            ("ContainerUser", ImageBuildOptions.User),
            ("PackagesImageTag", tag),
            ("ImageDigestFile", folder.Digest(plan.Source.Name)),
        ];
        if (packages is not null)
        {
            properties.Add(("PackagesImage", $"{plan.Reference.Repository}@{packages}"));
        }

        return properties;
    }

    private async Task RunAsync(string target, TemporaryBuildFolder folder, XElement list, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(folder.List, list.ToString(), cancellationToken);
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        string[] arguments =
        [
            "msbuild", ImageAssets.BuildProject, $"-t:{target}", $"-p:ImageList={folder.List}", $"-p:ImageResult={folder.Result}",
            $"-m:{Environment.ProcessorCount}", "-v:q", "-nologo", "-tl:off",
        ];
        var result = await processes.RunAsync(new(dotnet, arguments, paths.Root), cancellationToken)
            ?? throw new DeployException("There is no dotnet on the PATH; images of .NET projects are built by its SDK.");
        if (result.ExitCode != 0)
        {
            throw new DeployException(BuildErrors.Of(result.Lines));
        }
    }

    // <Project><ItemGroup><Image Include="/src/Server.csproj"/></ItemGroup>
    //   <PropertyGroup Condition="'$(MSBuildProjectFullPath)' == '/src/Server.csproj'"><ContainerRegistry>…
    private static XElement List(IEnumerable<(string Project, List<(string Name, string Value)> Properties)> images) => new(
        "Project",
        images.Select(i => new XElement("ItemGroup", new XElement("Image", new XAttribute("Include", Escape(i.Project))))),
        images.Select(i => new XElement(
            "PropertyGroup",
            new XAttribute("Condition", $"'$(MSBuildProjectFullPath)' == '{Escape(i.Project)}'"),
            i.Properties.Select(p => new XElement(p.Name, Escape(p.Value))))));

    // https://learn.microsoft.com/visualstudio/msbuild/msbuild-special-characters
    private static string Escape(string text) =>
        string.Concat(text.Select(c => "%$@';*?".Contains(c, StringComparison.Ordinal) ? $"%{(int)c:X2}" : c.ToString()));
}

/// <summary>The MSBuild files that lie beside this assembly.</summary>
internal static class ImageAssets
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Images", "Assets");

    public static string BuildProject { get; } = Path.Combine(s_folder, "ImageBuild.proj");

    public static IReadOnlyList<string> Files { get; } = [BuildProject, Path.Combine(s_folder, "ContainerLayers.targets")];

    public static bool IsOurs(string file) => file.StartsWith(s_folder, StringComparison.Ordinal);
}

/// <summary>What MSBuild is told and what it says, for as long as it runs.</summary>
internal sealed class TemporaryBuildFolder : IDisposable
{
    private readonly string _path;

    public TemporaryBuildFolder(ImagePaths paths)
    {
        _path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(paths.StateFile)!, $"images-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_path);
    }

    public string List => System.IO.Path.Combine(_path, "images.props");

    /// <summary>What projects are made of.</summary>
    public string Result => System.IO.Path.Combine(_path, "inputs.txt");

    public string Digest(string image) => System.IO.Path.Combine(_path, image + ".digest");

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
