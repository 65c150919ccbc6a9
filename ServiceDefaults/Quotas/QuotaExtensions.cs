using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.ServiceDefaults.Quotas;

/// <summary>Quotas where they are declared; elsewhere nothing is added.</summary>
internal static class QuotaExtensions
{
    public static void AddQuotas(this IHostApplicationBuilder builder)
    {
        if (Quota.Read(builder.Configuration) is { Length: > 0 } quotas)
        {
            var service = builder.ServiceName();
            builder.Services.AddSingleton(services => new QuotaSet(quotas, service, services));
        }
    }

    public static void MapQuotas(this WebApplication app)
    {
        // Made here, so that a shared quota without Redis is seen at the start.
        if (app.Services.GetService<QuotaSet>() is not null)
        {
            app.MapGrpcService<QuotaGrpcService>();
        }
    }

    public static void UseQuotas(this WebApplication app)
    {
        if (app.Services.GetService<QuotaSet>() is not null)
        {
            app.UseMiddleware<QuotaEnforcement>();
        }
    }
}
