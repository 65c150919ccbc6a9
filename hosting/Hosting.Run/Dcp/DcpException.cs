using System.Net;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>DCP refused a request; the message is DCP's own.</summary>
/// <param name="status">The HTTP status: 409 exists already, 422 invalid, 404 unknown.</param>
internal sealed class DcpException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}
