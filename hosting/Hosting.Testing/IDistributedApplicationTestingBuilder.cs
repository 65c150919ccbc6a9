namespace Aspire.Hosting.Testing;

/// <summary>A builder of an application under test. Disposing it stops and removes what it built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Builds the application, including what the AppHost's Program.cs does between Build and Run.</summary>
    /// <param name="cancellationToken">Ends the wait for Program.cs.</param>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
