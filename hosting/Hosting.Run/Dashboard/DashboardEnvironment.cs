using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>The settings that the dashboard process starts with; names are the dashboard's.</summary>
internal static class DashboardEnvironment
{
    private const string PassedOn = "ASPIRE_DASHBOARD_";

    /// <summary>The variables; addresses must be allocated.</summary>
    public static Dictionary<string, string> Of(DashboardOptions options, IConfiguration configuration, IResourceWithEndpoints dashboard, string resourceServiceUrl)
    {
        var variables = configuration.AsEnumerable()
            .Where(setting => setting.Key.StartsWith(PassedOn, StringComparison.OrdinalIgnoreCase) && setting.Value is not null)
            .ToDictionary(setting => setting.Key.ToUpperInvariant(), setting => setting.Value!);

        var endpoints = dashboard.GetEndpoints().ToList();
        var frontends = endpoints.Where(endpoint => endpoint.EndpointName.StartsWith("http", StringComparison.Ordinal));
        variables["ASPNETCORE_URLS"] = string.Join(';', frontends.Select(ListenUrl));
        variables["ASPNETCORE_ENVIRONMENT"] = options.EnvironmentName;
        Set("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", DashboardResource.OtlpGrpcEndpoint);
        Set("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", DashboardResource.OtlpHttpEndpoint);
        variables["DASHBOARD__FRONTEND__PUBLICURL"] = DashboardResource.GetFrontend(dashboard).Url;

        variables[DashboardOptions.ResourceServiceUrlKey] = resourceServiceUrl;
        Guard("RESOURCESERVICECLIENT", "ApiKey", "APIKEY", options.ResourceServiceApiKey);
        Guard("FRONTEND", "BrowserToken", "BROWSERTOKEN", options.BrowserToken);
        Guard("OTLP", "ApiKey", "PRIMARYAPIKEY", options.OtlpApiKey);
        Guard("API", "ApiKey", "PRIMARYAPIKEY", options.ApiKey);
        variables["ASPIRE_DASHBOARD_API_ENABLED"] = "true";

        // No usage data leaves the machine.
        variables["DASHBOARD__DEBUGSESSION__TELEMETRYOPTOUT"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "json";

        // Instrumented code is for servers that live long; without it the dashboard answers a tenth earlier.
        variables["DOTNET_TieredPGO"] = "0";
        return variables;

        void Set(string variable, string endpointName)
        {
            if (endpoints.Find(endpoint => endpoint.EndpointName == endpointName) is { } endpoint)
            {
                variables[variable] = ListenUrl(endpoint);
            }
        }

        void Guard(string part, string mode, string name, string? secret)
        {
            variables[$"DASHBOARD__{part}__AUTHMODE"] = secret is null ? "Unsecured" : mode;
            if (secret is not null)
            {
                variables[$"DASHBOARD__{part}__{name}"] = secret;
            }
        }
    }

    private static string ListenUrl(EndpointReference endpoint) => $"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Port}";
}
