namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an executable runs, and where.</summary>
public sealed class ExecutableAnnotation : IResourceAnnotation
{
    /// <summary>Program.</summary>
    public required string Command { get; set; }

    /// <summary>Folder that it runs in.</summary>
    public required string WorkingDirectory { get; set; }
}
