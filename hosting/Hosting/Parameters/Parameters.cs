using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting;

/// <summary>Finds the values of parameters.</summary>
internal static class Parameters
{
    /// <summary>A parameter whose configured value comes before its default.</summary>
    internal static ParameterResource Configured(
        IDistributedApplicationBuilder builder,
        string name,
        bool secret,
        ParameterDefault? @default = null,
        bool persist = false,
        string? configurationKey = null)
    {
        var key = configurationKey ?? $"Parameters:{name}";
        return new ParameterResource(name, ValueOf, secret) { Default = @default, ConfigurationKey = key };

        string ValueOf(ParameterDefault? fallback)
        {
            if (Find(builder, key) is { } configured)
            {
                return configured;
            }

            if (fallback is null)
            {
                throw new MissingParameterValueException($"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter has no default value.");
            }

            var store = persist ? FindStore(builder.Services) : null;
            return store is null ? fallback.GetDefaultValue() : store.GetOrAdd(key, fallback.GetDefaultValue);
        }
    }

    // Values are asked for before Build too, when there are no services yet.
    private static IGeneratedValueStore? FindStore(IServiceCollection services) =>
        services.LastOrDefault(s => s.ServiceType == typeof(IGeneratedValueStore))?.ImplementationInstance as IGeneratedValueStore;

    /// <summary>The configured value; a key with hyphens is also looked up with underscores, as environment variables have them.</summary>
    internal static string? Find(IDistributedApplicationBuilder builder, string key) =>
        builder.Configuration[key] ?? (key.Contains('-') ? builder.Configuration[key.Replace('-', '_')] : null);
}
