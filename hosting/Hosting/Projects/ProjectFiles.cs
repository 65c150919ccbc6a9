using System.Text.Json;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting;

/// <summary>Reads the files of a project that say how it is started.</summary>
internal static class ProjectFiles
{
    private static readonly JsonSerializerOptions Json = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Properties/launchSettings.json, or name.run.json beside a single .cs file; null when there is none.</summary>
    internal static LaunchSettings? ReadLaunchSettings(IProjectMetadata project)
    {
        if (project.LaunchSettings is { } given)
        {
            return given;
        }

        var folder = Path.GetDirectoryName(project.ProjectPath);
        if (folder is null)
        {
            return null;
        }

        var file = project.IsFileBasedApp
            ? Path.ChangeExtension(project.ProjectPath, ".run.json")
            : Path.Combine(folder, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<LaunchSettings>(stream, Json);
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"Failed to get effective launch profile for project '{project.ProjectPath}'. There is malformed JSON in the project's launch settings file at '{file}': {exception.Message}", exception);
        }
    }

    /// <summary>The section Kestrel of appsettings.json and appsettings.Environment.json.</summary>
    internal static IConfigurationSection ReadKestrel(IProjectMetadata project, string environment)
    {
        var configuration = new ConfigurationBuilder();
        var folder = Path.GetDirectoryName(project.ProjectPath);
        if (folder is not null && !project.IsFileBasedApp)
        {
            foreach (var name in (string[])["appsettings.json", $"appsettings.{environment}.json"])
            {
                var file = Path.Combine(folder, name);
                if (File.Exists(file))
                {
                    configuration.AddJsonStream(new MemoryStream(File.ReadAllBytes(file)));
                }
            }
        }

        return configuration.Build().GetSection("Kestrel");
    }
}
