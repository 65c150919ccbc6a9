using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What engines do with logs.</summary>
public static class ResourceLoggerServiceExtensions
{
    /// <summary>Appends a line that a process wrote.</summary>
    /// <param name="service">The logs.</param>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="content">Text after its timestamp (yyyy-MM-ddTHH:mm:ss.fffffffK, UTC) and a space.</param>
    /// <param name="isError">Whether it came from the standard error.</param>
    public static void Append(this ResourceLoggerService service, string instance, string content, bool isError) =>
        service.Get(instance).Append(content, isError);
}
