using MonoRepo.ServiceDefaults;

namespace MonoRepo.Playbooks;

/// <summary>Section <c>Playbooks</c> of the configuration, which the graph sets.</summary>
internal sealed class PlaybooksOptions
{
    /// <summary>Address of Prometheus; null: there is none.</summary>
    public Uri? Prometheus { get; set; }

    /// <summary>Address of Alertmanager; null: there is none.</summary>
    public Uri? Alertmanager { get; set; }

    /// <summary>Folder of the graph's dashboards, in Grafana's JSON.</summary>
    public string? Dashboards { get; set; }

    /// <summary>File of what was done to the environment; null: nobody writes it down.</summary>
    public string? History { get; set; }

    /// <summary>Folder of the runbooks.</summary>
    public string Runbooks { get; set; } = Path.Combine(AppContext.BaseDirectory, "runbooks");

    /// <exception cref="ConfigurationException">An address is wrong, or a folder isn't there.</exception>
    public static PlaybooksOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection("Playbooks").Get<PlaybooksOptions>() ?? new();
        (string, Uri?)[] addresses = [("Prometheus", options.Prometheus), ("Alertmanager", options.Alertmanager)];
        foreach (var (name, address) in addresses)
        {
            if (address is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
            {
                throw new ConfigurationException($"Playbooks__{name} is '{address}'. Use a value such as http://127.0.0.1:9090.");
            }
        }

        return Directory.Exists(options.Runbooks)
            ? options
            : throw new ConfigurationException(
                $"Playbooks__Runbooks is '{options.Runbooks}', which is no folder. Leave it out for those of the build.");
    }
}
