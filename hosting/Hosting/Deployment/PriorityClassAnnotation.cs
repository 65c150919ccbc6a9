using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Name of the PriorityClass of the pods; the classes themselves are made by <c>setup</c>.</summary>
public sealed record PriorityClassAnnotation(string Name) : IResourceAnnotation
{
    /// <summary>Stateful members: they leave a crowded node last.</summary>
    public const string Stateful = "monorepo-stateful";

    /// <summary>Ordinary services, the default.</summary>
    public const string Service = "monorepo-service";
}
