using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Hosting.App;

/// <summary>The configuration keys that the builder sets, as Aspire names them.</summary>
internal static class AppHostConfiguration
{
    internal static void Add(ConfigurationManager configuration, DistributedApplicationOptions options, AppHostLocation location, IHostEnvironment environment)
    {
        var path = Path.Combine(location.Directory, location.Name);
        var pathHash = Hash(path.ToLowerInvariant());
        var values = new Dictionary<string, string?>
        {
            ["AppHost:Directory"] = location.Directory,
            ["AppHost:Path"] = path,
            ["AppHost:FilePath"] = Path.Combine(location.Directory, location.ProjectFile),
            ["AppHost:DashboardApplicationName"] = options.DashboardApplicationName ?? environment.ApplicationName,
            ["AppHost:Sha256"] = pathHash,
            ["AppHost:PathSha256"] = pathHash,
            ["AppHost:ProjectNameSha256"] = Hash(location.Name),
        };
        if (!options.DisableDashboard)
        {
            AddKeys(configuration, values);
        }

        configuration.AddInMemoryCollection(values);
    }

    /// <summary>What people and processes show to each other: new in every run unless configured.</summary>
    private static void AddKeys(IConfiguration configuration, Dictionary<string, string?> values)
    {
        if (configuration.GetValue("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", false)
            || configuration.GetValue("DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", false))
        {
            values["AppHost:ResourceService:AuthMode"] = "Unsecured";
            return;
        }

        values["AppHost:BrowserToken"] = configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"]
            ?? configuration["DOTNET_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? configuration["AppHost:BrowserToken"] ?? NewKey();
        values["AppHost:OtlpApiKey"] = configuration["AppHost:OtlpApiKey"] ?? NewKey();
        values["AppHost:DashboardApiKey"] = configuration["AppHost:DashboardApiKey"] ?? NewKey();
        values["AppHost:ResourceService:AuthMode"] = "ApiKey";
        values["AppHost:ResourceService:ApiKey"] = configuration["ASPIRE_DASHBOARD_RESOURCESERVICE_APIKEY"]
            ?? configuration["DOTNET_DASHBOARD_RESOURCESERVICE_APIKEY"] ?? NewKey();
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
