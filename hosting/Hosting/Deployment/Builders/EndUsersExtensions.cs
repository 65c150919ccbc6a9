using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>People who use a service.</summary>
public static class EndUsersExtensions
{
    /// <summary>
    /// Verifies the end users of a service by the tokens of an OpenID provider, which the service may reach; docs/end-users.md
    /// has the rules. Works inside of <c>In(environment, …)</c>.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="authority">The provider's address, without <c>/.well-known/openid-configuration</c>.</param>
    /// <param name="audience">The audience that its tokens for this service have.</param>
    /// <param name="tenantClaim">The claim that names a user's organization, which becomes the tenant of the call.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static IResourceBuilder<ProjectResource> WithEndUsers(
        this IResourceBuilder<ProjectResource> builder,
        string authority,
        string audience,
        string? tenantClaim = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authority);
        ArgumentNullException.ThrowIfNull(audience);
        builder.WithAnnotation(
            new EndUsersAnnotation(authority, audience, new(file, line)), ResourceAnnotationMutationBehavior.Replace)
            .WithAnnotation(new EnvironmentCallbackAnnotation((Dictionary<string, object> variables) =>
            {
                variables["EndUsers__Authority"] = authority;
                variables["EndUsers__Audience"] = audience;
                variables.Remove("EndUsers__TenantClaim");
                if (tenantClaim is not null)
                {
                    variables["EndUsers__TenantClaim"] = tenantClaim;
                }
            }));
        return EndUsersAnnotation.ParseAuthority(authority) is { IsLoopback: false } provider
            ? builder.WithEgress(provider.Port)
            : builder;
    }
}
