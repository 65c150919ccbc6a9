using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests.Dashboard;

/// <summary>Events as the notification service would give them.</summary>
internal static class Snapshots
{
    public static readonly DateTime CreatedAt = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    public static ResourceEvent Of(Func<CustomResourceSnapshot, CustomResourceSnapshot> change, string type = "Executable") =>
        new(new ExecutableResource("web", "node", "/app"), "web-abcdefgh", change(new CustomResourceSnapshot { ResourceType = type, Properties = [] }));
}
