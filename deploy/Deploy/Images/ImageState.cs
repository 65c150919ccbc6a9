using System.Text.Json;

namespace MonoRepo.Deploy.Images;

/// <summary>What is known of images from last time; without it everything is looked up or built again. No secrets.</summary>
internal sealed record ImageState
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Images, by registry and name.</summary>
    public SortedDictionary<string, BuiltImage> Images { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What projects are made of, by project file.</summary>
    public SortedDictionary<string, KnownProject> Projects { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Digests of base images, by reference.</summary>
    public SortedDictionary<string, BaseImage> BaseImages { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Reads the file; empty where there is none, or none that can be read.</summary>
    public static ImageState Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ImageState>(File.ReadAllBytes(path)) ?? new();
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return new();
        }
    }

    /// <summary>Writes what this has over what the file has: another run beside this one may have written.</summary>
    public void Write(string path)
    {
        var merged = Read(path);
        Put(Images, merged.Images);
        Put(Projects, merged.Projects);
        Put(BaseImages, merged.BaseImages);
        merged.Projects.Keys.Where(p => !File.Exists(p)).ToList().ForEach(p => merged.Projects.Remove(p));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(merged, s_json));
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Put<T>(SortedDictionary<string, T> from, SortedDictionary<string, T> to)
    {
        foreach (var (key, value) in from)
        {
            to[key] = value;
        }
    }
}

/// <summary>An image that a registry has.</summary>
/// <param name="Digest"><c>sha256:…</c>, as the registry said it.</param>
internal sealed record BuiltImage(string Inputs, string Digest);

/// <summary>What MSBuild said of a project.</summary>
/// <param name="Shape">Hash of the project files then; with another one MSBuild is asked again.</param>
internal sealed record KnownProject(string Shape, ProjectInputs Inputs);

/// <param name="Digest"><c>sha256:…</c></param>
internal sealed record BaseImage(string Digest, DateTimeOffset Found);
