using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>What parameters are in what is published.</summary>
public static class ParameterExtensions
{
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
