using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.ServiceDefaults.Access;

/// <summary>
/// Lets in the callers that the graph grants, and nobody else: without a valid token UNAUTHENTICATED, of HTTP 401; without a
/// grant PERMISSION_DENIED or 403. Before load shedding, because a refused call must take no other's place. What allows anonymous
/// callers passes, as do external endpoints, whose callers are people.
/// </summary>
internal sealed class ServiceAccess(
    RequestDelegate next, AccessSettings settings, CallContextSettings calls, CallerVerifier verifier, AccessAudit audit)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || calls.IsExternal(context))
        {
            return next(context);
        }

        // Of a token that is known, at once.
        var caller = verifier.VerifyAsync(context.Request.Headers.Authorization.ToString());
        return caller.IsCompletedSuccessfully ? CheckAsync(context, endpoint, caller.Result) : AwaitAsync();

        async Task AwaitAsync() => await CheckAsync(context, endpoint, await caller);
    }

    private Task CheckAsync(HttpContext context, Endpoint endpoint, VerifiedCaller caller)
    {
        var grpc = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        var path = grpc?.FullName ?? context.Request.Path.Value!;
        if (caller is { Name: { } name, Grant: { } grant } && grant.Allows(path.AsSpan(1)))
        {
            audit.Allowed(name);

            // Proven, whatever the caller says of itself.
            if (context.Request.Headers[Caller.Header] != name)
            {
                context.Request.Headers[Caller.Header] = name;
            }

            return next(context);
        }

        var method = path[1..];
        var (status, message) = caller switch
        {
            { IsUnavailable: true } => (StatusCode.Unavailable, $"{settings.Audience} can't check who calls: {caller.Problem}."),
            { Name: null } when context.Request.Headers.Authorization.Count == 0 =>
                (StatusCode.Unauthenticated, $"{settings.Audience} asks for a service token, and there is none."),
            { Name: null } =>
                (StatusCode.Unauthenticated, $"The service token isn't valid for {settings.Audience}: {caller.Problem}."),
            _ => (StatusCode.PermissionDenied,
                $"'{caller.Name}' may not call {method} of {settings.Audience}: the graph doesn't grant it."),
        };

        // Of paths, which callers make up, only the pattern.
        var called = grpc is not null ? method : (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "";
        audit.Refused(caller, settings.Callers.ContainsKey(caller.Name ?? ""), called, status, message);
        return context.RefuseAsync(new(status, message), "Bearer");
    }
}

/// <summary>Counts all checks and tells of those that failed.</summary>
internal sealed partial class AccessAudit
{
    private const int MaxLines = 1000;
    private static readonly Meter s_meter = new("MonoRepo.Access");
    private static readonly CallCounter s_checks = new(
        s_meter, "access.checks", "{check}", "Calls whose caller was checked.");
    private static readonly ConcurrentDictionary<(string Caller, string Result), CallCounter.Series> s_series = new();
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string? Caller, string Method, string Problem), (long Start, int Count)> _lines =
        new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public AccessAudit(AccessSettings settings, TimeProvider clock, ILogger<AccessAudit> logger)
    {
        (_clock, _logger) = (clock, logger);

        foreach (var caller in settings.Callers.Keys)
        {
            SeriesOf(caller, "denied");
        }

        SeriesOf(Caller.Unknown, "unauthenticated");
    }

    public void Allowed(string caller) => SeriesOf(caller, "allowed").Increment();

    /// <param name="caller">Who called.</param>
    /// <param name="isKnown">Whether the graph knows the name: others are one in the metric.</param>
    /// <param name="method">What was called.</param>
    /// <param name="status">The answer.</param>
    /// <param name="message">What the caller is told.</param>
    public void Refused(VerifiedCaller caller, bool isKnown, string method, StatusCode status, string message)
    {
        var result = status switch
        {
            StatusCode.Unavailable => "unavailable",
            StatusCode.Unauthenticated => "unauthenticated",
            _ => "denied",
        };
        SeriesOf(isKnown ? caller.Name! : caller.Name is null ? Caller.Unknown : Caller.Other, result).Increment();

        // One line a minute for the same caller, method and problem.
        var key = (caller.Name, method, caller.Problem ?? "");
        var now = _clock.GetTimestamp();
        if (!_lines.TryGetValue(key, out var line) || _clock.GetElapsedTime(line.Start, now) >= s_interval)
        {
            if (_lines.Count >= MaxLines)
            {
                _lines.Clear();
            }

            Tell(_logger, method, message, line.Count);
            _lines[key] = (now, 0);
        }
        else
        {
            _lines[key] = (line.Start, line.Count + 1);
        }
    }

    private static CallCounter.Series SeriesOf(string caller, string result) => s_series.GetOrAdd(
        (caller, result), static key => s_checks.Create(new("caller", key.Caller), new("result", key.Result)));

    [LoggerMessage(
        1, LogLevel.Warning,
        "A call of {Method} was refused: {Reason} It was refused {Count} times more since this was last said.")]
    private static partial void Tell(ILogger logger, string method, string reason, int count);
}

/// <summary>Access checks in and tokens out of a service.</summary>
internal static partial class AccessExtensions
{
    /// <summary>Checks callers where the graph has said who they are.</summary>
    public static void AddServiceAccess(this IHostApplicationBuilder builder)
    {
        builder.Services.AddTransient<ServiceTokenHandler>();
        builder.Services.TryAddSingleton<ServiceTokens>();
        if (AccessSettings.Read(builder.Configuration) is { } settings)
        {
            builder.Services.AddSingleton(settings);
            builder.Services.AddSingleton<IssuerKeySource>();
            builder.Services.AddSingleton<CallerVerifier>();
            builder.Services.AddSingleton<AccessAudit>();
            builder.Services.AddHealthChecks().AddCheck<IssuerKeySource>("access");
        }
    }

    /// <summary>Checks each call from here on.</summary>
    public static void UseServiceAccess(this WebApplication app)
    {
        if (app.Services.GetService<AccessSettings>() is not null)
        {
            app.UseMiddleware<ServiceAccess>();
        }
        else if (app.Services.GetService<ErrorMapping>() is not null)
        {
            Unchecked(app.Logger);
        }
    }

    [LoggerMessage(
        1, LogLevel.Information, "Who calls isn't checked: there is no Access__Audience, which the resource graph sets.")]
    private static partial void Unchecked(ILogger logger);
}
