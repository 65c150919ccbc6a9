using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.ServiceDefaults.EndUsers;

/// <summary>An end user, as the token of a call proves.</summary>
/// <param name="Subject">The claim <c>sub</c>: what the OpenID provider calls the user, for ever.</param>
/// <param name="Tenant">The claim that <c>EndUsers__TenantClaim</c> names.</param>
/// <param name="Expires">Until when the token is accepted.</param>
public sealed record EndUser(string Subject, string? Tenant, DateTimeOffset Expires);

/// <summary>Whether this service verifies end users, and who they are. A service takes it as a dependency.</summary>
public sealed class EndUserAccess
{
    private readonly TimeProvider _clock;

    internal EndUserAccess(bool isVerifying, TimeProvider clock) => (IsVerifying, _clock) = (isVerifying, clock);

    /// <summary>
    /// Whether there is an OpenID provider, named by <c>EndUsers__Authority</c>. Without one there are no end users.
    /// </summary>
    public bool IsVerifying { get; }

    /// <summary>The end user of a call. A stream asks again before it goes on: its token may have expired.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: the call has no token, or it has expired.</exception>
    public EndUser Require(ServerCallContext call)
    {
        var user = call.GetHttpContext().Features.Get<EndUser>()
            ?? throw new RpcException(new(StatusCode.Unauthenticated, "The call needs an end user's token, and has none."));
        return user.Expires > _clock.GetUtcNow()
            ? user
            : throw new RpcException(new(StatusCode.Unauthenticated, "The end user's token has expired."));
    }
}

/// <summary>The section <c>EndUsers</c> of the configuration.</summary>
/// <param name="Authority">The OpenID provider.</param>
/// <param name="Audience">What its tokens must be for.</param>
/// <param name="TenantClaim">The claim that names the user's organization.</param>
internal sealed record EndUserSettings(Uri Authority, string Audience, string? TenantClaim)
{
    /// <summary>Null where there is no provider.</summary>
    /// <exception cref="ConfigurationException">Something in it is wrong; the message names all of it.</exception>
    public static EndUserSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("EndUsers");
        if (section["Authority"] is not { Length: > 0 } authority)
        {
            return null;
        }

        var errors = new List<string>();
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri)
            || !(uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)))
        {
            errors.Add($"'{authority}' in EndUsers__Authority isn't an address such as https://login.example.com; http is for " +
                "loopback only.");
        }

        if (section["Audience"] is not { Length: > 0 })
        {
            errors.Add("EndUsers__Audience is missing: the audience that the provider puts into tokens for this service.");
        }

        var tenant = section["TenantClaim"] is { Length: > 0 } claim ? claim : null;
        return errors.Count == 0
            ? new(uri!, section["Audience"]!, tenant)
            : throw new ConfigurationException(string.Join(" ", errors));
    }
}

/// <summary>Why the end user of a request isn't believed.</summary>
internal sealed record EndUserRefusal(Status Status);

/// <summary>
/// Refuses requests whose token isn't valid. The token was verified where the call context began, so that experiments and quotas
/// know the user; the answer is given here, where the method is known and calls are measured. What allows anonymous callers
/// passes.
/// </summary>
internal sealed class EndUserCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<EndUserRefusal>() is { } refusal
        && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
            ? context.RefuseAsync(refusal.Status, "Bearer error=\"invalid_token\"")
            : next(context);
}

/// <summary>End users of a service.</summary>
internal static class EndUserExtensions
{
    /// <summary>Verifies end users where the configuration names a provider; true if so.</summary>
    public static bool AddEndUsers(this IHostApplicationBuilder builder)
    {
        var settings = EndUserSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(
            services => new EndUserAccess(settings is not null, services.GetRequiredService<TimeProvider>()));
        if (settings is not null)
        {
            builder.Services.AddSingleton(settings);
            builder.Services.AddSingleton<ProviderKeys>();
            builder.Services.AddSingleton<EndUserVerifier>();
        }

        return settings is not null;
    }

    /// <summary>Refuses invalid tokens from here on.</summary>
    public static void UseEndUsers(this WebApplication app)
    {
        if (app.Services.GetService<EndUserVerifier>() is not null)
        {
            app.UseMiddleware<EndUserCheck>();
        }
    }
}
