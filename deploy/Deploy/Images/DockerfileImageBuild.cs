using MonoRepo.Deploy.Processes;

namespace MonoRepo.Deploy.Images;

/// <summary>
/// Builds and pushes images of Dockerfiles by docker or, where that is not there, podman. One after another: both use all cores
/// themselves.
/// </summary>
internal sealed class DockerfileImageBuild(IProcessRunner processes, ImagePaths paths)
{
    private static readonly string[] s_programs = ["docker", "podman"];

    public async Task<IReadOnlyList<(ImagePlan Plan, string Digest)>> BuildAsync(
        IReadOnlyList<ImagePlan> plans, CancellationToken cancellationToken)
    {
        var built = new List<(ImagePlan, string)>();
        foreach (var plan in plans)
        {
            built.Add((plan, await BuildAsync(plan, (DockerfileImageSource)plan.Source, cancellationToken)));
        }

        return built;
    }

    private async Task<string> BuildAsync(ImagePlan plan, DockerfileImageSource source, CancellationToken cancellationToken)
    {
        var reference = (plan.Reference with { Tag = "latest" }).ToString();
        List<string> arguments = ["build", "--quiet", "--file", source.DockerfilePath, "--tag", reference];
        arguments.AddRange(source.Stage is null ? [] : ["--target", source.Stage]);
        arguments.AddRange(source.Arguments.SelectMany(a => new[] { "--build-arg", $"{a.Key}={a.Value}" }));
        arguments.AddRange(source.Secrets.Keys.SelectMany(k => new[] { "--secret", $"id={k},env={Variable(k)}" }));
        arguments.Add(source.ContextPath);
        foreach (var program in s_programs)
        {
            var run = new ProcessRun(program, arguments, paths.Root)
            {
                Environment = source.Secrets.ToDictionary(s => Variable(s.Key), s => s.Value),
            };
            if (await processes.RunAsync(run, cancellationToken) is { } build)
            {
                Check(source, program, build);
                return await PushAsync(program, source, plan.Reference, reference, cancellationToken);
            }
        }

        throw new DeployException($"{source.Name}: its Dockerfile needs docker or podman, and neither is on the PATH.");
    }

    private async Task<string> PushAsync(
        string program, DockerfileImageSource source, RegistryReference image, string reference,
        CancellationToken cancellationToken)
    {
        // docker takes localhost without TLS by itself.
        string[] plain = program == "podman" && RegistryHost.IsLocal(image.Host) ? ["--tls-verify=false"] : [];
        var push = await processes.RunAsync(new(program, ["push", .. plain, reference], paths.Root), cancellationToken);
        Check(source, program, push!);
        var inspect = await processes.RunAsync(
            new(program, ["image", "inspect", "--format", "{{join .RepoDigests \"\\n\"}}", reference], paths.Root),
            cancellationToken);
        Check(source, program, inspect!);

        // localhost:5000/frontend@sha256:0123…
        var name = image.ToString() + "@";
        return inspect!.Lines.Select(l => l.Trim())
            .FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } pushed
            ? pushed[name.Length..]
            : throw new DeployException($"{source.Name}: {program} pushed {reference} but does not say as which digest.");
    }

    private static void Check(DockerfileImageSource source, string program, ProcessResult result)
    {
        if (result.ExitCode != 0)
        {
            throw new DeployException($"{source.Name}: {program} says: {BuildErrors.Of(result.Lines)}");
        }
    }

    private static string Variable(string key) =>
        "BUILD_SECRET_" + string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
