using System.Xml.Linq;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Processes;

namespace MonoRepo.Tests.Deploy;

/// <summary>
/// dotnet and docker that build nothing: MSBuild's answers, and a push of a new image with every build, as the SDK does it.
/// </summary>
internal sealed class FakeProcessRunner(FakeRegistry registry) : IProcessRunner
{
    private int _builds;

    /// <summary>Runs in their order: <c>Inputs shop</c>, <c>Build shop</c>, <c>docker build …</c>.</summary>
    public List<string> Runs { get; } = [];

    /// <summary>What MSBuild says of a project: lines as the target Inputs writes them.</summary>
    public Func<string, IEnumerable<string>> Inputs { get; set; } = project => [$"project|{project}|{project}"];

    /// <summary>Fails instead, with these lines.</summary>
    public string[]? Errors { get; set; }

    public HashSet<string> Missing { get; } = [];

    public Action Building { get; set; } = () => { };

    public Task<ProcessResult?> RunAsync(ProcessRun run, CancellationToken cancellationToken)
    {
        if (Missing.Contains(run.Program))
        {
            return Task.FromResult<ProcessResult?>(null);
        }

        if (Errors is not null)
        {
            return Task.FromResult<ProcessResult?>(new(1, Errors));
        }

        return Task.FromResult<ProcessResult?>(new(0, run.Program is "docker" or "podman" ? Docker(run) : MSBuild(run)));
    }

    private string[] MSBuild(ProcessRun run)
    {
        string Value(string option) => run.Arguments.First(a => a.StartsWith(option, StringComparison.Ordinal))[option.Length..];
        var list = XElement.Load(Value("-p:ImageList="));
        var projects = list.Descendants("Image").Select(i => i.Attribute("Include")!.Value).ToList();
        var target = Value("-t:");
        Runs.Add($"{target} {string.Join(' ', projects.Select(Path.GetFileNameWithoutExtension))}");
        if (target == "Inputs")
        {
            File.WriteAllLines(Value("-p:ImageResult="), projects.SelectMany(Inputs));
            return [];
        }

        Building();
        foreach (var image in list.Elements("PropertyGroup"))
        {
            var digest = registry.Push(image.Element("ContainerRepository")!.Value, "latest", $"build {++_builds}");
            File.WriteAllText(image.Element("ImageDigestFile")!.Value, digest + "\n");
        }

        return [];
    }

    private string[] Docker(ProcessRun run)
    {
        Runs.Add($"{run.Program} {string.Join(' ', run.Arguments)}");
        var reference = run.Arguments[^1];
        if (run.Arguments[0] == "push")
        {
            registry.Push(RegistryReference.Parse(reference).Repository, "latest", $"build {++_builds}");
        }

        var image = RegistryReference.Parse(reference);
        return run.Arguments[0] == "image" ? [
            $"{image.Host}/{image.Repository}@{registry.Push(image.Repository, "latest", $"build {_builds}")}",
        ] : [];
    }
}
