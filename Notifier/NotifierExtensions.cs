using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Notifier.Channels;
using MonoRepo.Notifier.Commands;
using MonoRepo.Notifier.Sending;
using StackExchange.Redis;

namespace MonoRepo.Notifier;

/// <summary>Registers what takes notifications and what sends them.</summary>
internal static class NotifierExtensions
{
    private const string FcmClient = "fcm";
    private const string AlertmanagerHttpClient = "alertmanager";

    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        var options = NotifierOptions.Read(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<NotificationQueue>();
        builder.Services.AddSingleton<UnqueuedPages>();

        // Without Redis it still tells people of pages, so it stays ready.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(checks =>
        {
            foreach (var check in checks.Registrations.Where(check => !check.Tags.Contains("live")))
            {
                check.FailureStatus = HealthStatus.Degraded;
            }
        });
        builder.Services.AddSingleton<DeliveryMetrics>();
#pragma warning disable EXTEXP0001 // Experimental. What failed is sent again by the sender.
        builder.Services.AddHttpClient(FcmClient).RemoveAllResilienceHandlers();

        // Somebody waits for the answer, and a silence that is made twice is two.
        builder.Services.AddHttpClient(AlertmanagerHttpClient, http => http.Timeout = TimeSpan.FromSeconds(10))
            .RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        foreach (var (name, receiver) in options.Receivers)
        {
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<Sender>(
                services, name, receiver, MakeChannel(services, receiver, options)));
        }
    }

    private static IChannel MakeChannel(IServiceProvider services, ReceiverOptions receiver, NotifierOptions options) =>
        receiver switch
        {
            { Irc: { } irc } => new IrcChannel(
                irc, new(Alertmanager(services, options.Alertmanager), services.GetRequiredService<TimeProvider>())),
            { Fcm: { } fcm } => new FcmChannel(
                fcm, services.GetRequiredService<IHttpClientFactory>().CreateClient(FcmClient)),
            _ => new EmailChannel(receiver.Email!),
        };

    private static AlertmanagerClient? Alertmanager(IServiceProvider services, string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(AlertmanagerHttpClient);
        http.BaseAddress = new($"{address.TrimEnd('/')}/");
        return new(http);
    }
}
