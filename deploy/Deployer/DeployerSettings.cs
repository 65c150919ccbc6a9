using Microsoft.Extensions.Configuration;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deployer;

/// <summary>What the deployer is told: variables <c>DEPLOYER_…</c>, or <c>--name value</c>.</summary>
internal sealed record DeployerSettings
{
    /// <summary>Name of the application.</summary>
    public required string Application { get; init; }

    /// <summary>Name of the environment, which is the folder under <c>k8s/overlays</c>.</summary>
    public required string Environment { get; init; }

    /// <summary>Context and namespace.</summary>
    public required ClusterTarget Target { get; init; }

    /// <summary>URL of the repository.</summary>
    public required string Repository { get; init; }

    /// <summary>Its branch; <c>main</c> by default.</summary>
    public required string Branch { get; init; }

    /// <summary>Where the clone and the kubeconfig are; <c>/work</c> by default.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Where git's credentials are; <c>/git</c> by default.</summary>
    public required string SecretFolder { get; init; }

    /// <summary>For all that was applied to become ready; ten minutes by default.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>
    /// Address of the Prometheus that judges canaries, by default the environment's own, and of which a summary tells.
    /// </summary>
    public string? Prometheus { get; init; }

    /// <summary>Where a summary is posted.</summary>
    public Uri? Reports { get; init; }

    /// <summary>The bearer token for it.</summary>
    public string? Token { get; init; }

    /// <summary>The time that a summary is of; seven days by default.</summary>
    public TimeSpan SummaryDays { get; init; }

    public static DeployerSettings Read(IConfiguration configuration)
    {
        string Needed(string name) =>
            configuration[name] ?? throw new DeployException(
                $"DEPLOYER_{name.ToUpperInvariant()} is not set. k8s/overlays/E/deployer.yaml has all of them.");
        var environment = Needed("Environment");
        return new()
        {
            Application = configuration["Application"] ?? "monorepo",
            Environment = environment,
            Target = new(Needed("Context"), configuration["Namespace"] ?? environment),
            Repository = Needed("Repository"),
            Branch = configuration["Branch"] ?? "main",
            WorkFolder = configuration["WorkFolder"] ?? "/work",
            SecretFolder = configuration["SecretFolder"] ?? "/git",
            Prometheus = configuration["Prometheus"],
            Reports = Uri.TryCreate(configuration["Reports"], UriKind.Absolute, out var reports) ? reports : null,
            Token = configuration["Token"],
            SummaryDays = TimeSpan.FromDays(configuration.GetValue("SummaryDays", 7)),
            Timeout = TimeSpan.FromSeconds(configuration.GetValue("TimeoutSeconds", 600)),
        };
    }
}
