namespace Aspire.Hosting;

/// <summary>The way in: DistributedApplication.CreateBuilder.</summary>
public static class CreateBuilderExtensions
{
    // Static extension members: the application itself belongs to the app model, which knows nothing of builder and engines.
    extension(DistributedApplication)
    {
        /// <summary>A builder without a command line.</summary>
        public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

        /// <summary>A builder for the AppHost's command line.</summary>
        public static IDistributedApplicationBuilder CreateBuilder(string[] args)
        {
            ArgumentNullException.ThrowIfNull(args);
            return new DistributedApplicationBuilder(args);
        }

        /// <summary>A builder with options.</summary>
        public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            return new DistributedApplicationBuilder(options);
        }
    }
}
