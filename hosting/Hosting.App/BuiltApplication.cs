using Aspire.Hosting;

namespace MonoRepo.Hosting.App;

/// <summary>The application that Program.cs has just built; a test keeps it and hands Program.cs another.</summary>
/// <param name="application">The application.</param>
internal sealed class BuiltApplication(DistributedApplication application)
{
    /// <summary>The application.</summary>
    public DistributedApplication Application { get; } = application;

    /// <summary>What Program.cs gets.</summary>
    public DistributedApplication ForProgram { get; set; } = application;
}
