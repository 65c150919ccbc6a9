using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Finds emulators.</summary>
public static class EmulatorResourceExtensions
{
    /// <summary>Whether a resource stands in for a service of a cloud.</summary>
    public static bool IsEmulator(this IResource resource) => resource.HasAnnotationOfType<EmulatorResourceAnnotation>();
}
