namespace Aspire.Hosting;

/// <summary>What is read from the files of a project.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile; null means the AppHost's own or the first one.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether no launch profile is used.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Whether the endpoints in appsettings.json are left out.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
