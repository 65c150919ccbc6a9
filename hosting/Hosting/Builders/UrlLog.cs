using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal static partial class UrlLog
{
    [LoggerMessage(1, LogLevel.Warning, "Resource '{Resource}' has no endpoint '{Endpoint}' to change the URL of.")]
    internal static partial void NoEndpoint(ILogger logger, string resource, string endpoint);
}
