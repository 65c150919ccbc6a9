using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>Reads <see cref="DcpOptions"/> in Aspire's order: configuration, environment, what the AppHost's build left.</summary>
internal static class DcpOptionsReader
{
    private const string CliPathMetadata = "dcpclipath";

    public static DcpOptions Read(IConfiguration configuration, Assembly? appHost)
    {
        var section = configuration.GetSection("DcpPublisher");
        return new DcpOptions
        {
            CliPath = Filled(section["CliPath"])
                ?? (Filled(Variable(configuration, "DCP_PATH")) is { } folder ? Path.Combine(folder, OperatingSystem.IsWindows() ? "dcp.exe" : "dcp") : null)
                ?? MetadataOf(appHost, CliPathMetadata),
            ContainerRuntime = Filled(section["ContainerRuntime"]) ?? Filled(Variable(configuration, "CONTAINER_RUNTIME")),
            RandomizePorts = bool.TryParse(section["RandomizePorts"], out var randomize) && randomize,
            ResourceNameSuffix = Filled(section["ResourceNameSuffix"]),
            DependencyCheckTimeout = TimeSpan.FromSeconds(
                double.TryParse(section["DependencyCheckTimeout"] ?? Variable(configuration, "DEPENDENCY_CHECK_TIMEOUT"), CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                    ? seconds
                    : 25),
        };
    }

    private static string? MetadataOf(Assembly? assembly, string key) =>
        Filled(assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().LastOrDefault(attribute => attribute.Key == key)?.Value);

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>The builder's configuration drops the prefix of variables of the environment in one of its sources only.</summary>
    private static string? Variable(IConfiguration configuration, string name) => configuration[$"ASPIRE_{name}"];
}
