using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Checks names of resources.</summary>
public static class ResourceNames
{
    /// <summary>Checks the name of a resource by the policy that it states.</summary>
    /// <exception cref="InvalidResourceNameException">The name breaks a rule.</exception>
    public static void ThrowIfIllegal(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (FindFault(resource) is { } fault)
        {
            throw new InvalidResourceNameException(fault);
        }
    }

    internal static string? FindFault(IResource resource)
    {
        var policy = resource.TryGetLastAnnotation<NameValidationPolicyAnnotation>(out var stated) ? stated : NameValidationPolicyAnnotation.Default;
        return string.IsNullOrEmpty(resource.Name) ? "A resource has no name." : ModelName.FindFault("Resource", resource.Name, policy);
    }
}
