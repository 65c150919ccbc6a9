using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What is different in a test.</summary>
internal static class TestingDefaults
{
    private static readonly JsonSerializerOptions LaunchSettingsJson = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Sets the defaults; the test may change them afterwards.</summary>
    /// <param name="appHost">The AppHost under test; null when the test itself makes the graph.</param>
    public static void Apply(DistributedApplicationOptions options, HostApplicationBuilderSettings settings, Assembly? appHost)
    {
        options.AssemblyName ??= appHost?.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(LaunchEnvironment(appHost));
        settings.Configuration.AddInMemoryCollection([new("DcpPublisher:RandomizePorts", "true")]);
    }

    /// <summary>As <c>dotnet run</c>: the variables of the AppHost's launch profile, the first one unless DOTNET_LAUNCH_PROFILE names another.</summary>
    private static Dictionary<string, string?> LaunchEnvironment(Assembly? appHost)
    {
        Dictionary<string, string?> settings = [];
        foreach (var (name, value) in ProfileOf(appHost)?.EnvironmentVariables ?? [])
        {
            settings[name] = value;
            if (name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase))
            {
                // The host reads these under their short names: DOTNET_ENVIRONMENT is the key "environment".
                settings[name["DOTNET_".Length..]] = value;
            }
        }

        return settings;
    }

    private static LaunchProfile? ProfileOf(Assembly? appHost)
    {
        var folder = appHost?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(m => m.Key == "apphostprojectpath")?.Value;
        if (folder is null || Path.Combine(folder, "Properties", "launchSettings.json") is not { } file || !File.Exists(file))
        {
            return null;
        }

        var profiles = JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(file), LaunchSettingsJson)?.Profiles ?? [];
        return Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE") is { Length: > 0 } name
            ? profiles.GetValueOrDefault(name) ?? throw new InvalidOperationException($"The launch profile '{name}' that DOTNET_LAUNCH_PROFILE names is not in {file}.")
            : profiles.Values.FirstOrDefault();
    }
}
