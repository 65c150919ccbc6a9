using System.Globalization;
using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>How many calls each caller of a service may make.</summary>
public static class QuotaExtensions
{
    /// <summary>
    /// Refuses calls of a caller, tenant or the like beyond a number per second; ServiceDefaults enforces it, as docs/quotas.md
    /// explains. Works inside of <c>In(environment, …)</c>, where it takes the place of the quota of the same name.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="dimension">What calls are counted by: <c>caller</c>, <c>tenant</c>, <c>user</c>, <c>key</c> (of the call
    /// context) or <c>method</c>.</param>
    /// <param name="perSecond">Calls per second that each of them may make for ever.</param>
    /// <param name="burst">Calls that it may make at once after a pause.</param>
    /// <param name="method">The methods that it is for, as in <c>todo.v1.TodoService/Delete*</c>; all by default.</param>
    /// <param name="scope">Whether replicas share it; <see cref="QuotaScope.Shared"/> needs a reference to Redis.</param>
    /// <param name="whenUnavailable">What happens to calls while Redis is away.</param>
    /// <param name="name">Its name in settings and metrics; by default made of dimension and method.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static IResourceBuilder<ProjectResource> WithQuota(
        this IResourceBuilder<ProjectResource> builder,
        string dimension,
        double perSecond,
        int burst,
        string? method = null,
        QuotaScope scope = QuotaScope.Replica,
        QuotaFallback whenUnavailable = QuotaFallback.Accept,
        string? name = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dimension);
        name ??= method is null ? dimension : $"{dimension}-{Slug(method)}";
        var quota = new QuotaAnnotation(name, dimension, perSecond, burst, method, scope, whenUnavailable, new(file, line));
        return builder.WithAnnotation(quota)
            .WithAnnotation(new EnvironmentCallbackAnnotation(context => SetVariables(context, quota)))
            .WithGrafanaDashboard(
                "Quotas",
                Panel("Calls beyond a quota, refused", "quota_checks_total", ",result=\"refused\""),
                Panel("Calls within their quotas", "quota_checks_total", ",result=\"accepted\""),
                Panel("Not checked, as Redis is away", "quota_unavailable_total", ""));

        DashboardPanel Panel(string title, string metric, string labels) => new(
            title, $"sum by (quota, result) (rate({metric}{{job=\"{builder.Resource.Name}\"{labels}}}[$__rate_interval]))",
            "reqps", "{{quota}} {{result}}");
    }

    // All of them, or none: what an environment doesn't say is the default, not what the common quota has.
    private static void SetVariables(EnvironmentCallbackContext context, QuotaAnnotation quota)
    {
        (string Key, string? Value)[] settings =
        [
            ("PerSecond", quota.PerSecond.ToString(CultureInfo.InvariantCulture)),
            ("Burst", quota.Burst.ToString(CultureInfo.InvariantCulture)),
            ("Dimension", quota.Name == quota.Dimension ? null : quota.Dimension),
            ("Method", quota.Method),
            ("Scope", quota.Scope == QuotaScope.Shared ? "shared" : null),
            ("WhenUnavailable", quota.WhenUnavailable == QuotaFallback.Refuse ? "refuse" : null),
        ];
        foreach (var (key, value) in settings)
        {
            var variable = $"Quotas__{quota.Name}__{key}";
            if (value is null)
            {
                context.EnvironmentVariables.Remove(variable);
            }
            else
            {
                context.EnvironmentVariables[variable] = value;
            }
        }
    }

    private static string Slug(string method) =>
        string.Join('-', method.Split(['.', '/', '*', '{', '}', ' '], StringSplitOptions.RemoveEmptyEntries));
}
