using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Settings that hold in one environment.</summary>
public static class EnvironmentScopeExtensions
{
    /// <summary>Settings that hold in one environment only; they come after the common ones and win.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="environment">Name of a declared environment; an unknown one is refused by publish, naming this line.</param>
    /// <param name="configure">Any <c>With…</c> that adds annotations, ours and Aspire's alike.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="DistributedApplicationException">A setting in <paramref name="configure"/> cannot hold in one environment
    /// only.</exception>
    public static IResourceBuilder<T> In<T>(
        this IResourceBuilder<T> builder,
        string environment,
        Action<IResourceBuilder<T>> configure,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(environment);
        ArgumentNullException.ThrowIfNull(configure);
        new EnvironmentScope<T>(builder, environment, new(file, line)).Record(configure);
        return builder;
    }

    /// <summary>The resource exists in these environments only.</summary>
    public static IResourceBuilder<T> OnlyIn<T>(
        this IResourceBuilder<T> builder,
        IReadOnlyList<string> environments,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource =>
        builder.WithAnnotation(
            new OnlyInAnnotation([.. environments], new(file, line)), ResourceAnnotationMutationBehavior.Replace);
}
