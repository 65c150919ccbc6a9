using System.Diagnostics;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>Spans of Redis commands by OpenTelemetry's database conventions; nothing is allocated while nobody listens.</summary>
internal static class RedisTracing
{
    public const string SourceName = "MonoRepo.Redis";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Start(string operation)
    {
        // Without a call around it, it is the background's polling, which would bury the traces that people look for.
        var activity = Activity.Current is null ? null : Source.StartActivity(operation, ActivityKind.Client);
        activity?.SetTag("db.system.name", "redis");
        activity?.SetTag("db.operation.name", operation);
        return activity;
    }

    public static void Fail(Activity? activity, Exception exception)
    {
        activity?.SetTag("error.type", exception.GetType().FullName);
        activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
    }
}
