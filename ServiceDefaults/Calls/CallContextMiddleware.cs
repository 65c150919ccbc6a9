using System.Collections;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MonoRepo.ServiceDefaults.EndUsers;
using OpenTelemetry;

namespace MonoRepo.ServiceDefaults.Calls;

/// <summary>
/// Makes the context that came with a request the current one, or begins one: where none came, and at external endpoints, whose
/// callers are not believed.
/// </summary>
internal sealed class CallContextMiddleware(
    RequestDelegate next, CallContextSettings settings, IOptions<CallContextOptions> options,
    ILogger<CallContextMiddleware> logger,
    IServiceProvider services)
{
    private const string Bearer = "Bearer ";
    private readonly EndUserVerifier? _endUsers = services.GetService<EndUserVerifier>();

    public async Task InvokeAsync(HttpContext http)
    {
        var isExternal = settings.IsExternal(http);
        var context = isExternal ? ReceiveExternal(http) : Receive(http);
        if (_endUsers is not null)
        {
            context = await _endUsers.VerifyAsync(http, context);
        }

        if (isExternal)
        {
            context = options.Value.Identify?.Invoke(http, context) ?? context;
        }

        if (isExternal || !context.HasBegun)
        {
            context = settings.Begin(context, !isExternal || settings.ForcesExperiments
                ? http.Request.Headers[CallContextSettings.ForceHeader].ToString()
                : null);
        }

        if (Activity.Current is { Recorded: true } span)
        {
            CallContextSpans.Tag(span, context);
        }

        context.UseInThisMethod();
        using (logger.BeginScope(new LogScope(context)))
        {
            await next(http);
        }
    }

    private static CallContext Receive(HttpContext http)
    {
        CallContext? context = null;
        var headers = http.Request.Headers;
        if (headers.Baggage is { Count: > 0 } baggage)
        {
            context = CallContextBaggage.Read(baggage, out var dropped);
            if (dropped is not null)
            {
                CallContextSettings.CountDropped(dropped);
            }
        }

        context ??= CallContext.None;
        return headers[EndUserToken.Header] is [{ Length: > 0 and <= EndUserToken.MaxLength } token]
            ? context with { EndUserToken = new(token) }
            : context;
    }

    private CallContext ReceiveExternal(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.Remove("baggage") | headers.Remove(EndUserToken.Header))
        {
            CallContextSettings.CountDropped("external");
        }

        var context = new CallContext { Criticality = settings.Criticality };
        return headers.Authorization is [{ Length: <= EndUserToken.MaxLength } header]
            && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? context with { EndUserToken = new(header[Bearer.Length..].Trim()) }
            : context;
    }

    /// <summary>Read where a line is written, not in each call.</summary>
    private sealed class LogScope(CallContext context) : IEnumerable<KeyValuePair<string, object?>>
    {
        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => context.Tags().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => string.Join(' ', context.Tags().Select(tag => $"{tag.Key}={tag.Value}"));
    }
}

/// <summary>Before everything else, also routing: all of the request is in its context.</summary>
internal sealed class CallContextStartup : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<CallContextMiddleware>();
        next(app);
    };
}

/// <summary>Puts the context on each span that is made in it; the server's own is older than it.</summary>
internal sealed class CallContextSpans : BaseProcessor<Activity>
{
    public override void OnStart(Activity span)
    {
        if (CallContext.Current is { HasBegun: true } context)
        {
            Tag(span, context);
        }
    }

    public static void Tag(Activity span, CallContext context)
    {
        foreach (var (key, value) in context.Tags())
        {
            span.SetTag(key, value);
        }
    }
}
