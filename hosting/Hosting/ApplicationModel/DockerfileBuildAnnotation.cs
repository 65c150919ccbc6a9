namespace Aspire.Hosting.ApplicationModel;

/// <summary>States that the image is built from a Dockerfile.</summary>
/// <param name="contextPath">Absolute path of the build context.</param>
/// <param name="dockerfilePath">Absolute path of the Dockerfile.</param>
/// <param name="stage">Stage to build; null means the last.</param>
public class DockerfileBuildAnnotation(string contextPath, string dockerfilePath, string? stage) : IResourceAnnotation
{
    /// <summary>Absolute path of the build context.</summary>
    public string ContextPath { get; } = contextPath;

    /// <summary>Absolute path of the Dockerfile.</summary>
    public string DockerfilePath { get; } = dockerfilePath;

    /// <summary>Stage to build; null means the last.</summary>
    public string? Stage { get; } = stage;

    /// <summary>Build arguments: text, numbers, flags or values.</summary>
    public Dictionary<string, object?> BuildArguments { get; } = [];

    /// <summary>Build secrets: values.</summary>
    public Dictionary<string, object> BuildSecrets { get; } = [];

    /// <summary>Name that the image gets.</summary>
    public string? ImageName { get; set; }

    /// <summary>Tag that the image gets.</summary>
    public string? ImageTag { get; set; }

    /// <summary>Whether the Dockerfile says what to run.</summary>
    public bool HasEntrypoint { get; set; } = true;
}
