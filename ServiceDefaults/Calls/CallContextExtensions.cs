using System.Collections.Frozen;
using System.Diagnostics;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.EndUsers;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;

namespace MonoRepo.ServiceDefaults.Calls;

/// <summary>Contexts in and out of a service.</summary>
internal static class CallContextExtensions
{
    /// <summary>Makes the service take contexts in. The one way of baggage is ours, whether or not there are traces.</summary>
    public static void AddCallContext(this IHostApplicationBuilder builder)
    {
        var propagator = new TraceOnlyPropagator();
        DistributedContextPropagator.Current = propagator;
        builder.Services.AddSingleton<DistributedContextPropagator>(propagator);
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());

        // Verified users are a part of the context.
        if (builder.AddEndUsers() | builder.GetCallContextSettings().IsEnabled)
        {
            builder.Services.AddSingleton<IStartupFilter, CallContextStartup>();
        }

        builder.Services.AddSingleton<ReferredServices>();
        builder.Services.AddTransient<CallContextHandler>();
    }

    /// <summary>The settings, read once.</summary>
    public static CallContextSettings GetCallContextSettings(this IHostApplicationBuilder builder)
    {
        var known = builder.Services.FirstOrDefault(
            service => service.ServiceType == typeof(CallContextSettings))?.ImplementationInstance;
        if (known is not CallContextSettings settings)
        {
            settings = CallContextSettings.Read(builder.Configuration);
            builder.Services.AddSingleton(settings);
        }

        return settings;
    }

    /// <summary>
    /// The headers of a gRPC call, with the context. A copy: callers use theirs again, for calls of other contexts.
    /// </summary>
    public static Metadata WithCallContext(this Metadata? headers, CallContextSettings settings)
    {
        var copy = new Metadata();
        foreach (var header in headers ?? [])
        {
            if (header.Key is not ("baggage" or EndUserToken.Header))
            {
                copy.Add(header);
            }
        }

        var context = settings.Outgoing();
        copy.Add("baggage", context.ToBaggage());
        if (context.EndUserToken is { } token)
        {
            copy.Add(EndUserToken.Header, token.Reveal());
        }

        return copy;
    }
}

/// <summary>Sends the context with HTTP calls to services of the graph; other hosts get none.</summary>
internal sealed class CallContextHandler(CallContextSettings settings, ReferredServices services) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (services.Find(request.RequestUri) is not null)
        {
            var context = settings.Outgoing();
            request.Headers.Remove("baggage");
            request.Headers.TryAddWithoutValidation("baggage", context.ToBaggage());
            if (context.EndUserToken is { } token)
            {
                request.Headers.Remove(EndUserToken.Header);
                request.Headers.TryAddWithoutValidation(EndUserToken.Header, token.Reveal());
            }
        }

        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>The services of the graph that this one refers to: those that service discovery has addresses of.</summary>
internal sealed class ReferredServices(IConfiguration configuration)
{
    private readonly FrozenSet<string> _names =
        configuration.GetSection("services").GetChildren().Select(service => service.Key)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The service that an address names; null: another host. <c>http://_endpoint.service</c> asks for a named endpoint.
    /// </summary>
    public string? Find(Uri? uri)
    {
        var host = uri?.Host ?? "";
        var name = host.StartsWith('_') && host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            ? host[(dot + 1)..]
            : host;
        return _names.Contains(name) ? name : null;
    }
}
