namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names of properties for resources of one's own.</summary>
public static class CustomResourceKnownProperties
{
    /// <summary>What the resource is made from.</summary>
    public static string Source { get; } = MonoRepo.Hosting.KnownProperties.Source;

    /// <summary>The connection string.</summary>
    public static string ConnectionString { get; } = MonoRepo.Hosting.KnownProperties.ConnectionString;
}
