using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The environment variables that a reference gives to its owner.</summary>
internal static class ReferenceVariables
{
    /// <summary>ConnectionStrings__redis=host:port and REDIS_HOST=host …</summary>
    internal static void AddConnection(
        EnvironmentCallbackContext context,
        IResourceWithConnectionString resource,
        string name,
        bool optional,
        ReferenceEnvironmentInjectionFlags flags)
    {
        if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionString))
        {
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
        }

        if (!flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionProperties))
        {
            return;
        }

        var prefix = name.Length == 0 ? "" : $"{EnvironmentVariableName.EncodeUpper(name)}_";
        foreach (var (property, value) in resource.GetAllConnectionProperties())
        {
            context.EnvironmentVariables[prefix + property.ToUpperInvariant()] = value;
        }
    }

    /// <summary>services__api__http__0=http://localhost:1234 and API_HTTP=http://localhost:1234; one indexed address a replica.</summary>
    internal static void AddEndpoints(
        EnvironmentCallbackContext context,
        EndpointReferenceAnnotation annotation,
        string? name,
        ReferenceEnvironmentInjectionFlags flags)
    {
        var source = annotation.Resource;
        foreach (var endpoint in source.GetEndpoints(annotation.ContextNetworkId))
        {
            var named = annotation.EndpointNames.Contains(endpoint.EndpointName);
            if (!named && (!annotation.UseAllEndpoints || endpoint.ExcludeReferenceEndpoint))
            {
                continue;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
            {
                var prefix = name is null ? EnvironmentVariableName.EncodeUpper(source.Name) : EnvironmentVariableName.Encode(name);
                context.EnvironmentVariables[$"{prefix}_{EnvironmentVariableName.EncodeUpper(endpoint.EndpointName)}"] = endpoint;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
            {
                AddDiscovery(context, name ?? source.Name, endpoint);
            }
        }
    }

    internal static void AddAddress(
        EnvironmentCallbackContext context,
        string name,
        object address,
        ReferenceEnvironmentInjectionFlags flags)
    {
        if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
        {
            context.EnvironmentVariables[EnvironmentVariableName.Encode(name)] = address;
        }

        if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
        {
            context.EnvironmentVariables[$"services__{name}__default__0"] = address;
        }
    }

    /// <summary>An address that a parameter gives has no scheme before it is resolved: its key is "default".</summary>
    internal static void AddExternal(
        EnvironmentCallbackContext context,
        ExternalServiceResource service,
        IResource caller,
        ReferenceEnvironmentInjectionFlags flags)
    {
        var url = new ExternalServiceUrl(service, caller);
        if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
        {
            context.EnvironmentVariables[EnvironmentVariableName.EncodeUpper(service.Name)] = url;
        }

        if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
        {
            context.EnvironmentVariables[$"services__{service.Name}__{service.Uri?.Scheme ?? "default"}__0"] = url;
        }
    }

    private static void AddDiscovery(EnvironmentCallbackContext context, string name, EndpointReference endpoint)
    {
        var key = $"services__{name}__{(endpoint.IsHttpSchemeNamedEndpoint ? endpoint.Scheme : endpoint.EndpointName)}__";
        var index = 0;
        foreach (var address in ReplicaEndpoints.AddressesOf(endpoint))
        {
            while (context.EnvironmentVariables.ContainsKey(key + index))
            {
                index++;
            }

            context.EnvironmentVariables[key + index] = address;
        }
    }
}
