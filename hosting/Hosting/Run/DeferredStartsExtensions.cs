using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Starting what only watches the others, after them.</summary>
internal static class DeferredStartsExtensions
{
    /// <summary>
    /// Starts resources with <see cref="DeferredStartExtensions.WithDeferredStart{T}"/> once all others are ready, or one has
    /// failed: they take no processor time from the start of those.
    /// </summary>
    public static IDistributedApplicationBuilder AddDeferredStarts(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
            {
                foreach (var resource in start.Model.Resources.Where(r => r.HasAnnotationOfType<DeferredStartAnnotation>()))
                {
                    resource.Annotations.Add(new ExplicitStartupAnnotation());
                }

                return Task.CompletedTask;
            });
            builder.AddRunTask<DeferredStarts>();
        }

        return builder;
    }
}
