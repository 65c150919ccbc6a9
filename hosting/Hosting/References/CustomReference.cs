using System.Reflection;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Asks a resource type whether it has its own way to be referred to.</summary>
internal static class CustomReference
{
    internal static IResourceBuilder<TDestination>? TryApply<TDestination>(
        IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResource> source,
        string? connectionName,
        bool optional,
        string? name)
        where TDestination : IResourceWithEnvironment
    {
        var type = source.Resource.GetType();
        if (!type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IResourceWithCustomWithReference<>) && i.GenericTypeArguments[0] == type))
        {
            return null;
        }

        var apply = typeof(CustomReference).GetMethod(nameof(Apply), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type, typeof(TDestination));
        return (IResourceBuilder<TDestination>?)apply.Invoke(
            null, BindingFlags.DoNotWrapExceptions, binder: null, [builder, source, connectionName, optional, name], culture: null);
    }

    private static IResourceBuilder<TDestination>? Apply<TSource, TDestination>(
        IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResource> source,
        string? connectionName,
        bool optional,
        string? name)
        where TSource : IResourceWithCustomWithReference<TSource>
        where TDestination : IResourceWithEnvironment =>
        TSource.TryWithReference(builder, source, connectionName, optional, name);
}
