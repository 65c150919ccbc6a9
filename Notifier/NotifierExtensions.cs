using MonoRepo.Notifier.Channels;
using MonoRepo.Notifier.Sending;
using StackExchange.Redis;

namespace MonoRepo.Notifier;

/// <summary>Registers what takes notifications and what sends them.</summary>
internal static class NotifierExtensions
{
    private const string FcmClient = "fcm";

    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        var options = NotifierOptions.Read(builder.Configuration);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<NotificationQueue>();
        builder.Services.AddSingleton<DeliveryMetrics>();
#pragma warning disable EXTEXP0001 // Experimental. What failed is sent again by the sender.
        builder.Services.AddHttpClient(FcmClient).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        foreach (var (name, receiver) in options.Receivers)
        {
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<Sender>(
                services, name, receiver, receiver.Irc is { } irc
                    ? new IrcChannel(irc)
                    : new FcmChannel(receiver.Fcm!, services.GetRequiredService<IHttpClientFactory>().CreateClient(FcmClient))));
        }
    }
}
