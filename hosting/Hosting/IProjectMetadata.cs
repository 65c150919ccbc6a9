using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Path and settings of a project. The build generates one type for every project that the AppHost refers to.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>Path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Launch settings; null means those of the project's Properties/launchSettings.json.</summary>
    LaunchSettings? LaunchSettings => null;

    /// <summary>Whether the project is built already when the application starts.</summary>
    bool SuppressBuild => false;

    /// <summary>Whether the project is a single .cs file.</summary>
    bool IsFileBasedApp => string.Equals(Path.GetExtension(ProjectPath), ".cs", StringComparison.OrdinalIgnoreCase);
}
