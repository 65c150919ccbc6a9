using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A resource whose endpoints callers find by its name (services__name__endpoint__index).</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
