using Aspire.Hosting;

namespace MonoRepo.Hosting;

/// <summary>A project that is given by its path.</summary>
internal sealed class ProjectMetadata(string projectPath) : IProjectMetadata
{
    public string ProjectPath { get; } = projectPath;
}
