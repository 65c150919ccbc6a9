using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A titled row of panels on the dashboard of a resource.</summary>
public sealed record DashboardRowAnnotation(string Title, IReadOnlyList<DashboardPanel> Panels) : IResourceAnnotation;
