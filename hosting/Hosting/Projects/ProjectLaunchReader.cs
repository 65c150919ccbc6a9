using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting;

/// <summary>States what the files of a project say: endpoints and launch profile.</summary>
internal static class ProjectLaunchReader
{
    /// <summary>The endpoint of this name is where operators ask, and so where metrics are (docs/adr/0301).</summary>
    private const string Management = "management";

    internal static void State(IResourceBuilder<ProjectResource> builder, ProjectResourceOptions options)
    {
        var project = builder.Resource.GetProjectMetadata();
        var (profileName, profile) = options.ExcludeLaunchProfile
            ? default
            : Choose(project, options.LaunchProfileName, builder.ApplicationBuilder.Configuration);
        var kestrel = options.ExcludeKestrelEndpoints
            ? null
            : ProjectFiles.ReadKestrel(project, builder.ApplicationBuilder.Environment.EnvironmentName);
        var http2 = kestrel?["EndpointDefaults:Protocols"] == "Http2";

        var fromKestrel = StateKestrelEndpoints(builder, kestrel, http2);
        if (fromKestrel.Count == 0 && profile?.ApplicationUrl is { Length: > 0 } urls)
        {
            StateProfileEndpoints(builder, urls, http2);
        }

        if (fromKestrel.ContainsKey(Management))
        {
            builder.WithAnnotation(new MetricsPortAnnotation(Management));
        }

        builder.WithAnnotation(new ProjectLaunchAnnotation { ProfileName = profileName, Profile = profile, KestrelEndpoints = fromKestrel });
        if (profileName is not null)
        {
            builder.WithAnnotation(new LaunchProfileAnnotation(profileName));
        }
    }

    /// <summary>The named profile; else the AppHost's own, if the project has it; else the first that starts the project.</summary>
    private static (
        string? Name,
        LaunchProfile? Profile) Choose(IProjectMetadata project, string? wanted, IConfiguration configuration)
    {
        var profiles = ProjectFiles.ReadLaunchSettings(project)?.Profiles;
        if (wanted is not null)
        {
            return profiles?.TryGetValue(wanted, out var named) == true
                ? (wanted, named)
                : throw new DistributedApplicationException($"Launch profile '{wanted}' was not found in the launch settings of project '{project.ProjectPath}'. It has: {(profiles is { Count: > 0 } ? string.Join(", ", profiles.Keys) : "none")}.");
        }

        if (profiles is null)
        {
            return default;
        }

        var own = configuration["AppHost:DefaultLaunchProfileName"] ?? configuration["DOTNET_LAUNCH_PROFILE"];
        if (own is not null && profiles.TryGetValue(own, out var same))
        {
            return (own, same);
        }

        var first = profiles.FirstOrDefault(p => p.Value.CommandName is "Project" or "Executable");
        return (first.Key, first.Value);
    }

    private static void StateProfileEndpoints(IResourceBuilder<ProjectResource> builder, string urls, bool http2)
    {
        var schemes = new Dictionary<string, int>();
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!TryParse(url, out var uri))
            {
                continue;
            }

            var count = schemes[uri.Scheme] = schemes.GetValueOrDefault(uri.Scheme) + 1;
            builder.WithEndpoint(count == 1 ? uri.Scheme : $"{uri.Scheme}{count}", endpoint =>
            {
                endpoint.UriScheme = uri.Scheme;
                endpoint.Port = uri.Port is 0 or -1 ? null : uri.Port;
                endpoint.TargetHost = uri.Host;
                endpoint.FromLaunchProfile = true;
                endpoint.Transport = http2 ? "http2" : endpoint.Transport;
            });
        }
    }

    private static Dictionary<string, string> StateKestrelEndpoints(
        IResourceBuilder<ProjectResource> builder,
        IConfigurationSection? kestrel,
        bool http2)
    {
        var endpoints = (kestrel?.GetSection("Endpoints").GetChildren() ?? [])
            .Select(section => (section.Key, Protocols: section["Protocols"], Uri: TryParse(section["Url"] ?? "", out var uri) ? uri : null))
            .Where(e => e.Uri is not null).ToArray();
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, protocols, uri) in endpoints)
        {
            var name = endpoints.Count(e => e.Uri!.Scheme == uri!.Scheme) == 1 ? uri!.Scheme : key;
            keys[name] = key;
            builder.WithEndpoint(name, endpoint =>
            {
                endpoint.UriScheme = uri!.Scheme;
                endpoint.Port = uri.Port is 0 or -1 ? null : uri.Port;
                endpoint.TargetHost = uri.Host;
                endpoint.FromLaunchProfile = true;
                endpoint.Transport = http2 || protocols == "Http2" ? "http2" : endpoint.Transport;
            });
        }

        return keys;
    }

    // Kestrel's http://*:5000 and http://+:5000 are no URIs.
    private static bool TryParse(string url, out Uri uri)
    {
        var parsed = Uri.TryCreate(url.Replace("://*", "://localhost").Replace("://+", "://localhost"), UriKind.Absolute, out var found);
        uri = found!;
        return parsed;
    }
}
