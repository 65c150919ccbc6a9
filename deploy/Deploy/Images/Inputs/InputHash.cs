using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MonoRepo.Deploy.Images;

/// <summary>
/// What an image is made of, as one hash: the SDK stamps the time into every image, so digests cannot tell that nothing changed.
/// The same sources give the same hash on every machine that has the same SDKs.
/// </summary>
internal static class InputHash
{
    private const string Format = "1";

    /// <summary>Hash of the files that say how projects are built.</summary>
    public static string Shape(IEnumerable<string> projects, string root) =>
        Of(InputFiles.Shaping(projects, root), root, [Format]);

    /// <summary>Hash of all that an image of a project is made of.</summary>
    /// <param name="inputs">What MSBuild says of it.</param>
    /// <param name="root">Folder of the repository; paths count relative to it.</param>
    public static string OfProject(string project, ProjectInputs inputs, string baseImage, string root) => Of(
        InputFiles.Sources(inputs).Concat(InputFiles.Shaping(inputs.Projects, root)).Concat(ImageAssets.Files),
        root,
        [Format, Path.GetRelativePath(root, project), baseImage, Packages(project) ?? "", Sdks, IsContinuousIntegration]);

    /// <summary>
    /// Hash of all that an image of a Dockerfile is made of. The base images that it names by tag are not followed.
    /// </summary>
    public static string OfDockerfile(DockerfileImageSource source, string root) => Of(
        InputFiles.Context(source.ContextPath).Append(source.DockerfilePath),
        root,
        [Format, Path.GetRelativePath(root, source.DockerfilePath), source.Stage
            ?? "", .. source.Arguments.Select(a => $"{a.Key}={a.Value}"), .. source.Secrets.Keys]);

    /// <summary>Hash of the packages that a project was restored with; null where it was not.</summary>
    public static string? Packages(string project)
    {
        var assets = Path.Combine(Path.GetDirectoryName(project)!, "obj", "project.assets.json");
        if (!File.Exists(assets))
        {
            return null;
        }

        // {"targets": {"net10.0": {"Polly.Core/8.9.1": {"runtime": …}}}, "libraries": {"Polly.Core/8.9.1": {"sha512": …}}, and
        // paths of this machine}
        using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
        var text = string.Concat(new[]
        {
            "targets",
            "libraries",
        }.Select(p => json.RootElement.TryGetProperty(p, out var part) ? part.GetRawText() : ""));
        return Text(text);
    }

    /// <summary>Hash of a text: 64 hexadecimal digits.</summary>
    public static string Text(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Whichever of the SDKs global.json picks, a new one counts.
    private static string Sdks { get; } = string.Join(
        ' ', Sdk() is { } folder
            ? Directory.GetDirectories(folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>());

    private static string IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true" ? "CI" : "";

    // …/dotnet/shared/Microsoft.NETCore.App/10.0.12/
    private static string? Sdk()
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path
            ? Path.GetDirectoryName(path)!
            : Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..");
        var folder = Path.Combine(host, "sdk");
        return Directory.Exists(folder) ? folder : null;
    }

    private static string Of(IEnumerable<string> files, string root, IEnumerable<string> facts)
    {
        var lines = files.Distinct().Select(f => (Path: Path.GetRelativePath(root, f), File: f))
            .OrderBy(f => f.Path, StringComparer.Ordinal)
            .AsParallel().AsOrdered()
            .Select(f => $"{(ImageAssets.IsOurs(f.File) ? Path.GetFileName(f.File) : f.Path)} {Content(f.File)}");
        return Text(string.Join('\n', facts.Concat(lines)));
    }

    private static string Content(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "gone";
        }
    }
}
