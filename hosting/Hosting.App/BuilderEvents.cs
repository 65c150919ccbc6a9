using System.Diagnostics;
using Aspire.Hosting;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Hosting.App;

/// <summary>
/// Diagnostic events that let a test take part in the making of an application whose Program.cs it does not own.
/// Listener and events have Aspire's names.
/// </summary>
internal static class BuilderEvents
{
    private static readonly DiagnosticListener Listener = new("Aspire.Hosting");

    internal static void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) =>
        Write("DistributedApplicationBuilderConstructing", (options, settings));

    internal static void Constructed(DistributedApplicationBuilder builder) => Write("DistributedApplicationBuilderConstructed", builder);

    internal static void Building(DistributedApplicationBuilder builder) => Write("DistributedApplicationBuilding", builder);

    /// <summary>Returns what Program.cs gets: the application, or what the test puts in its place.</summary>
    internal static DistributedApplication Built(DistributedApplication application)
    {
        var built = new BuiltApplication(application);
        Write("DistributedApplicationBuilt", built);
        return built.ForProgram;
    }

    private static void Write(string name, object value)
    {
        if (Listener.IsEnabled() && Listener.IsEnabled(name))
        {
            Listener.Write(name, value);
        }
    }
}
