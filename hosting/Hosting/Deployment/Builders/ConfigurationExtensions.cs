using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Configuration values of services; they reach the process as environment variables, locally and in a cluster.
/// </summary>
public static class ConfigurationExtensions
{
    /// <summary>A configuration value by its key, such as <c>Seeding:Batch</c>.</summary>
    public static IResourceBuilder<T> WithConfigurationValue<T>(this IResourceBuilder<T> builder, string key, string value)
        where T : IResourceWithEnvironment
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(value);
        var variable = key.Replace(":", "__", StringComparison.Ordinal);
        return builder.WithAnnotation(
            new EnvironmentCallbackAnnotation((Dictionary<string, object> variables) => { variables[variable] = value; }));
    }

    /// <summary>Least level that is logged, for a category or for all.</summary>
    public static IResourceBuilder<T> WithLogLevel<T>(
        this IResourceBuilder<T> builder, LogLevel level, string category = "Default")
        where T : IResourceWithEnvironment =>
        builder.WithConfigurationValue($"Logging:LogLevel:{category}", level.ToString());

    /// <summary>
    /// The value that a parameter has in what is published; a secret has none, see <see cref="WithSecretKey"/>.
    /// </summary>
    public static IResourceBuilder<ParameterResource> WithPublishedValue(
        this IResourceBuilder<ParameterResource> builder, string value) =>
        builder.WithAnnotation(new ParameterValueAnnotation(value), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Which key of which Secret holds a secret parameter's value in the cluster.</summary>
    /// <param name="builder">The parameter.</param>
    /// <param name="secret">Secret; null: the environment's own.</param>
    /// <param name="key">Key; null: the parameter's name.</param>
    public static IResourceBuilder<ParameterResource> WithSecretKey(
        this IResourceBuilder<ParameterResource> builder, string? secret = null, string? key = null) =>
        builder.WithAnnotation(new SecretKeyAnnotation(secret, key), ResourceAnnotationMutationBehavior.Replace);
}
