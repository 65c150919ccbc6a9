using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Where a test takes part in the making of an application.</summary>
/// <param name="Constructing">Before the builder is made, after the defaults of tests were set.</param>
/// <param name="Constructed">The builder is made.</param>
/// <param name="Building">The graph is complete.</param>
internal sealed record BuilderHooks(
    Action<DistributedApplicationOptions, HostApplicationBuilderSettings> Constructing,
    Action<DistributedApplicationBuilder>? Constructed = null,
    Action<DistributedApplicationBuilder>? Building = null);
