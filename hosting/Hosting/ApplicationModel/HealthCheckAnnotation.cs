namespace Aspire.Hosting.ApplicationModel;

/// <summary>A health check of the AppHost that decides about a resource.</summary>
/// <param name="key">Name under which the check is registered.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>Name under which the check is registered.</summary>
    public string Key { get; } = key ?? throw new ArgumentNullException(nameof(key));
}
