using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Parts of connections.</summary>
public static class ConnectionPropertiesExtensions
{
    /// <summary>The parts of a connection with others added; a later one of the same name wins.</summary>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> CombineProperties(
        this IResourceWithConnectionString source,
        IEnumerable<KeyValuePair<string, ReferenceExpression>> additional)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(additional);
        var combined = new Dictionary<string, ReferenceExpression>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in source.GetConnectionProperties().Concat(additional))
        {
            combined[name] = value;
        }

        return combined;
    }

    /// <summary>The parts that the type states and those that were added.</summary>
    internal static IEnumerable<KeyValuePair<string, ReferenceExpression>> GetAllConnectionProperties(this IResourceWithConnectionString source) =>
        source.CombineProperties(source.Annotations.OfType<ConnectionPropertyAnnotation>().Select(a => KeyValuePair.Create(a.Name, a.Value)));
}
